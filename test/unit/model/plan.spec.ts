import assert from "node:assert/strict";
import { Plan, enginesOf, isWatched, planSession, workersOf } from "../../../components/model/plan";
import { Project } from "../../../components/project/project";
import { projectOf } from "../../helpers/problems";
import { PartialArgs, sessionArgs } from "../../helpers/session";

function file(name: string) {
    return { path: name, source: `/p/hello/${name}`, sha256: `hash of ${name}`, executable: false, size: 1 };
}

const project: Project = { folder: "/p/hello", files: ["data.csv", "master.py", "worker.py"].map(file) };

function plan(changes: PartialArgs = {}, withProject?: Project): Plan {
    return planSession("s", sessionArgs(changes), { project: withProject });
}

describe("the plan of a session", () => {
    it("gives every default", () => {
        const { master, groups, ...session } = plan({ master: { ports: undefined }, workers: { n: 0 } });
        assert.deepEqual(session, {
            name: "s",
            backend: "docker",
            shared: undefined,
            volumes: [],
            wait: "running",
            startTimeout: 300,
            waitTimeout: 300,
            publish: [],
            hasPool: false,
            onWorkerFailure: "fail",
            maxSeconds: undefined,
            egress: "open",
            readOnlyRoot: false,
            docker: { subnet: undefined, pidsLimit: 4096, log: { maxFileMib: 20, maxFiles: 5 } },
            kubernetes: {
                namespace: undefined,
                createNamespace: false,
                envFrom: [],
                kubeconfig: undefined,
                context: undefined,
                workers: "Pods",
                scheduleTimeoutSeconds: 0,
                serviceType: "ClusterIP",
                access: [],
                clusterDomain: "cluster.local",
                projectVolume: undefined,
                sharedClaim: undefined,
                pods: {},
                masterPod: {},
                workerPods: {},
            },
        });
        assert.deepEqual(master, {
            name: "s-master",
            alias: "master",
            rank: 0,
            ports: [],
            awaitedPorts: [],
            template: {
                role: "master",
                path: "master",
                image: "distributed-session/engine:0.2.0",
                command: ["serve"],
                cpu: 1,
                memory: 1,
                disk: undefined,
                nvidiaGpu: 0,
                stopSeconds: 5,
                workingDir: "/home/cdsw",
                worldSize: undefined,
                joinCheck: undefined,
                files: [],
                unwatched: [],
                restarts: Infinity,
                restartsAlways: false,
                env: {},
                sessionKey: undefined,
                project: undefined,
                sharedFolder: undefined,
                masterPort: undefined,
            },
        });
        const template = { ...master.template, role: "worker", path: "workers", command: ["work"] };
        assert.deepEqual(groups, [{ name: "workers", template, count: 0 }]);
    });

    it("numbers the workers from 1", () => {
        const workers = workersOf(plan({ workers: { n: 3 } }));
        assert.deepEqual(
            workers.map(({ name, alias, rank }) => [name, alias, rank]),
            [
                ["s-worker-1", "worker-1", 1],
                ["s-worker-2", "worker-2", 2],
                ["s-worker-3", "worker-3", 3],
            ],
        );
    });

    it("gives workers the master's image, unless they have their own", () => {
        const images = (changes: PartialArgs) => workersOf(plan(changes)).map(({ template }) => template.image);
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
            assert.equal(planned.master.template.restarts, master);
            assert.deepEqual(
                workersOf(planned).map(({ template }) => template.restarts),
                [workers, workers],
            );
        });
    }

    it("names the first of the master's ports to every engine", () => {
        const planned = plan({ master: { ports: [7000, 6000] } });
        assert.deepEqual(
            enginesOf(planned).map(({ template }) => template.masterPort),
            [7000, 7000, 7000],
        );
        assert.deepEqual(planned.master.ports, [7000, 6000]);
    });

    it("names the main port to every engine, also where the workers do not wait for it", () => {
        const planned = plan({ master: { ports: [7000, 6000], mainPort: 4040 } });
        assert.deepEqual(
            enginesOf(planned).map(({ template }) => template.masterPort),
            [4040, 4040, 4040],
        );
        assert.deepEqual(
            [planned.master.ports, planned.master.awaitedPorts],
            [
                [7000, 6000],
                [7000, 6000],
            ],
        );
    });

    it("names the project by its folder", () => {
        assert.equal(plan({}, project).master.template.project, "hello");
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
            assert.deepEqual(worker!.template.command, command);
            assert.equal(worker!.template.program, program);
        });
    }
});

describe("the files of a planned engine", () => {
    const watched = (changes: PartialArgs) => {
        const { master, groups } = plan(changes, project);
        return [master, groups[0]!].map(({ template }) => template.files.map((each) => isWatched(template, each)));
    };

    it("are all of the project", () => {
        for (const { template } of enginesOf(plan({}, project))) {
            assert.deepEqual(template.files, project.files);
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

    it("are watched by the group that runs them, where several groups run scripts", () => {
        const { groups } = plan(
            {
                master: { command: undefined, script: "master.py" },
                workers: { n: 1, command: undefined, script: "worker.py" },
                workerGroups: [{ name: "gpu", n: 1, script: "train.py" }],
            },
            projectOf({ "train.py": 1, "worker.py": 1, "data.csv": 1 }),
        );
        const watched = groups.map(({ template }) =>
            template.files.filter((file) => isWatched(template, file)).map(({ path }) => path),
        );
        assert.deepEqual(watched, [
            ["worker.py", "data.csv"],
            ["train.py", "data.csv"],
        ]);
    });

    it("are all watched where both roles run the same script", () => {
        const [master, worker] = watched({
            master: { command: undefined, script: "worker.py" },
            workers: { command: undefined, script: "worker.py" },
        });
        assert.deepEqual([master, worker], [Array(3).fill(true), Array(3).fill(true)]);
    });
});

describe("a plan of 5,000 workers and 1,000 files", () => {
    const files = Array.from({ length: 1000 }, (_, index) => file(`data-${index}.csv`));
    const large = { folder: "/p/hello", files };

    it("is built in less than 50 ms", () => {
        const start = performance.now();
        plan({ workers: { n: 5000 } }, large);
        assert.ok(performance.now() - start < 50);
    });

    it("holds the list of files once", () => {
        const { master, groups } = plan({ workers: { n: 5000 } }, large);
        assert.equal(groups.length, 1);
        for (const { template } of [master, ...groups]) {
            assert.equal(template.files, files);
        }
    });

    it("derives its workers without a copy of the list", () => {
        const workers = workersOf(plan({ workers: { n: 5000 } }, large));
        assert.equal(workers.length, 5000);
        assert.ok(workers.every(({ template }) => template.files === files));
    });
});
