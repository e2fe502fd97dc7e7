import assert from "node:assert/strict";
import { Plan, planSession, workersOf } from "../../../components/model/plan";
import { Project } from "../../../components/model/projectFiles";
import { PartialArgs, sessionArgs } from "../../helpers/session";

function file(name: string) {
    return { path: name, source: `/p/hello/${name}`, sha256: `hash of ${name}`, executable: false, size: 1 };
}

const project: Project = { folder: "/p/hello", files: ["data.csv", "master.py", "worker.py"].map(file) };

function plan(changes: PartialArgs = {}, withProject?: Project): Plan {
    return planSession("s", sessionArgs(changes), withProject);
}

describe("the plan of a session", () => {
    it("gives every default", () => {
        const { master, ...session } = plan({ master: { ports: undefined }, workers: { n: 0 } });
        assert.deepEqual(session, {
            name: "s",
            groups: [{ engines: [] }],
            wait: "running",
            startTimeout: 300,
            waitTimeout: 300,
            onWorkerFailure: "fail",
            docker: {},
            kubernetes: {},
        });
        assert.deepEqual(master, {
            name: "s-master",
            alias: "master",
            rank: 0,
            path: "master",
            image: "distributed-session/engine:0.1.0",
            command: ["serve"],
            environment: {
                role: "master",
                rank: 0,
                cpu: 1,
                memory: 1,
                own: {},
                project: undefined,
                masterPort: undefined,
            },
            cpu: 1,
            memory: 1,
            nvidiaGpu: 0,
            files: [],
            restarts: Infinity,
            ports: [],
        });
    });

    it("numbers the workers from 1", () => {
        const workers = workersOf(plan({ workers: { n: 3 } }));
        assert.deepEqual(
            workers.map(({ name, alias, path, environment }) => [name, alias, path, environment.rank]),
            [
                ["s-worker-1", "worker-1", "workers", 1],
                ["s-worker-2", "worker-2", "workers", 2],
                ["s-worker-3", "worker-3", "workers", 3],
            ],
        );
    });

    it("gives workers the master's image, unless they have their own", () => {
        const images = (changes: PartialArgs) => workersOf(plan(changes)).map(({ image }) => image);
        assert.deepEqual(images({ master: { image: "mine" }, workers: { n: 1 } }), ["mine"]);
        assert.deepEqual(images({ master: { image: "mine" }, workers: { n: 1, image: "theirs" } }), ["theirs"]);
    });

    for (const [args, startTimeout, waitTimeout] of [
        [{ wait: "running" }, 300, 300],
        [{ wait: "completed" }, 300, 0],
        [{ wait: "completed", timeoutSeconds: 20 }, 20, 20],
        [{ wait: "running", timeoutSeconds: 0 }, 0, 0],
    ] as const) {
        it(`waits ${startTimeout} s for the ports and ${waitTimeout} s for the workers with ${JSON.stringify(args)}`, () => {
            const { startTimeout: start, waitTimeout: wait } = plan(args);
            assert.deepEqual([start, wait], [startTimeout, waitTimeout]);
        });
    }

    for (const [wait, attempts, master, workers] of [
        [undefined, undefined, Infinity, Infinity],
        ["running", undefined, Infinity, Infinity],
        ["running", 0, Infinity, 0],
        ["running", 3, Infinity, 3],
        ["completed", undefined, 0, 0],
        ["completed", 0, 0, 0],
        ["completed", 3, 0, 3],
        ["none", undefined, 0, 0],
        ["none", 0, 0, 0],
        ["none", 3, 0, 3],
    ] as const) {
        const restart = attempts === undefined ? undefined : { attempts };
        it(`starts a master ${master} times and a worker ${workers} times again with wait ${wait} and ${attempts} attempts`, () => {
            const planned = plan({ wait, workers: { n: 2, restart } });
            assert.equal(planned.master.restarts, master);
            assert.deepEqual(
                workersOf(planned).map(({ restarts }) => restarts),
                [workers, workers],
            );
        });
    }

    it("names the first of the master's ports to every engine", () => {
        const { master, groups } = plan({ master: { ports: [7000, 6000] } });
        const engines = [master, ...groups[0]!.engines];
        assert.deepEqual(
            engines.map(({ environment }) => environment.masterPort),
            [7000, 7000, 7000],
        );
        assert.deepEqual(
            engines.map(({ ports }) => ports),
            [[7000, 6000], [], []],
        );
    });

    it("names the project by its folder", () => {
        assert.equal(plan({}, project).master.environment.project, "hello");
    });
});

describe("the command of a planned engine", () => {
    for (const [spec, command, program] of [
        [{ command: ["mpirun", "a"] }, ["mpirun", "a"], undefined],
        [{ command: undefined, code: "1" }, ["python3", "-u", "-c", "1"], "python3"],
        [{ command: undefined, code: "1", kernel: "r" }, ["Rscript", "-e", "1"], "Rscript"],
        [{ command: undefined, script: "worker.R" }, ["Rscript", "worker.R"], "Rscript"],
        [{ command: undefined, script: "./x/../worker.py" }, ["python3", "-u", "worker.py"], "python3"],
        [{ command: undefined, script: "worker.py", kernel: "r" }, ["Rscript", "worker.py"], "Rscript"],
    ] as const) {
        it(`is ${command.join(" ")} for ${JSON.stringify(spec)}`, () => {
            const [worker] = workersOf(plan({ workers: spec as PartialArgs["workers"] }, project));
            assert.deepEqual(worker!.command, command);
            assert.equal(worker!.program, program);
        });
    }
});

describe("the files of a planned engine", () => {
    const watched = (changes: PartialArgs) => {
        const { master, groups } = plan(changes, project);
        return [master, groups[0]!.engines[0]!].map(({ files }) => files.map((each) => each.watched));
    };

    it("are all of the project", () => {
        const { master, groups } = plan({}, project);
        for (const { files } of [master, ...groups[0]!.engines]) {
            assert.deepEqual(
                files.map(({ path, source }) => [path, source]),
                project.files.map(({ path, source }) => [path, source]),
            );
        }
    });

    it("are watched by every engine, but for the script of another role", () => {
        assert.deepEqual(
            watched({
                master: { command: undefined, script: "master.py" },
                workers: { command: undefined, script: "./worker.py" },
            }),
            [
                [true, true, false],
                [true, false, true],
            ],
        );
    });

    it("are all watched where both roles run the same script", () => {
        const [master, worker] = watched({
            master: { command: undefined, script: "worker.py" },
            workers: { command: undefined, script: "worker.py" },
        });
        assert.deepEqual([master, worker], [Array(3).fill(true), Array(3).fill(true)]);
    });
});
