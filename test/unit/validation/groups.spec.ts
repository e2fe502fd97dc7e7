import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";

const work = { n: 1, command: ["work"] };
const nameAllowed =
    "at most 20 lower-case letters, digits and -, starting with a letter, not ending with - or with - and a number, and none of master, worker, workers";

function problemsWith(...workerGroups: unknown[]): string[] {
    return problemsOf({ workerGroups });
}

describe("groups of workers", () => {
    it("may be none, or several with names of their own", () => {
        assert.deepEqual(problemsOf({ workerGroups: undefined }), []);
        assert.deepEqual(problemsWith(), []);
        assert.deepEqual(problemsWith({ ...work, name: "gpu" }, { ...work, name: "gpu-a100", n: 0 }), []);
    });

    it("are a list of objects", () => {
        assert.deepEqual(problemsOf({ workerGroups: { gpu: work } }), [
            'workerGroups: {"gpu":{"n":1,"command":["work"]}} is not a list of groups of workers',
        ]);
        assert.deepEqual(problemsWith(5), ["workerGroups[0]: 5 is not an object"]);
    });

    for (const name of ["master", "worker", "workers", "a-1", "worker-1", "1a", "A", "a-", "a_b", "", "a".repeat(21)]) {
        it(`are not called ${JSON.stringify(name)}`, () => {
            assert.deepEqual(problemsWith({ ...work, name }), [
                `workerGroups[0].name: ${JSON.stringify(name)} is not ${nameAllowed}`,
            ]);
        });
    }

    it("are not called the same", () => {
        const [one, two] = [
            { ...work, name: "a" },
            { ...work, name: "b" },
        ];
        assert.deepEqual(problemsWith(one, two, one), [
            'workerGroups[2].name: "a" is the name of another group; give each group a name of its own',
        ]);
    });

    it("leave room for the names of engines", () => {
        const group = { ...work, name: "g".repeat(20) };
        assert.deepEqual(problemsOf({ workerGroups: [group] }, undefined, "s".repeat(26)), []);
        assert.deepEqual(problemsOf({ workerGroups: [group] }, undefined, "s".repeat(27)), [
            `workerGroups[0].name: "${group.name}" and the session's name "${"s".repeat(27)}" have 47 characters together; at most 46: choose a shorter one`,
        ]);
    });

    it("are checked like workers, all at once, each under its own path", () => {
        const script = { name: "b", n: 1, script: "b.py" };
        assert.deepEqual(problemsWith({ ...work, name: "a", n: -1, cpu: 0, colour: 1 }, script), [
            "workerGroups[0].colour: unknown property; expected one of name, n, script, code, command, kernel, image, env, cpu, memory, disk, nvidiaGpu, stopSeconds, workingDir, restart, joinCheck",
            "workerGroups[0].n: -1 is not a whole number from 0 to 10000",
            "workerGroups[0].cpu: 0 is not a number of cores from 0.01 to 10000",
            'workerGroups[1].script: "b.py" needs a project folder: give project',
        ]);
    });

    it("run a program", () => {
        assert.deepEqual(problemsWith({ name: "a", n: 1 }), [
            "workerGroups[0]: none of script, code and command is given; give exactly one of script, code and command",
        ]);
    });

    it("are not beside a pool", () => {
        const workerGroups = [{ ...work, name: "a" }];
        assert.deepEqual(problemsOf({ workers: { command: undefined }, workerGroups }), [
            "workerGroups: cannot be given with workers that run what the master launches; give workers a script, code or command (and n: 0 where there are to be none), or remove workerGroups",
        ]);
    });
});

describe("groups of workers on Docker", () => {
    const groups = (count: number, n = 1) =>
        Array.from({ length: count }, (_, at) => ({ ...work, n, name: `g${at}x` }));

    it("are 7 at most", () => {
        assert.deepEqual(problemsOf({ workerGroups: groups(7) }), []);
        assert.deepEqual(problemsOf({ workerGroups: groups(8) }), [
            "workerGroups: 8 groups are more than the 7 that have addresses of their own on Docker; put workers that are alike into one group",
        ]);
        assert.deepEqual(problemsOf({ backend: "kubernetes", workerGroups: groups(8, 200) }), []);
    });

    it("have an eighth of the addresses each, and workers has the rest", () => {
        assert.deepEqual(problemsOf({ workers: { n: 893 - 111 }, workerGroups: groups(1, 111) }), []);
        assert.deepEqual(problemsOf({ workers: { n: 893 - 221 }, workerGroups: groups(2, 112) }), [
            "workers.n: 672 is more than the 671 that the session's subnet has addresses for beside 2 of workerGroups; give a larger subnet as docker.subnet",
            "workerGroups[0].n: 112 is more than the 111 that the session's subnet has addresses for in each group; give a larger subnet as docker.subnet",
            "workerGroups[1].n: 112 is more than the 111 that the session's subnet has addresses for in each group; give a larger subnet as docker.subnet",
        ]);
        assert.deepEqual(problemsOf({ docker: { subnet: "10.77.0.0/28" }, workerGroups: groups(1, 2) }), [
            'workerGroups[0].n: 2 is more than the 1 that docker.subnet "10.77.0.0/28" has addresses for in each group; give a larger subnet as docker.subnet',
        ]);
    });

    it("have a place on the bridge together", () => {
        const docker = { subnet: "10.77.0.0/16" };
        assert.deepEqual(problemsOf({ docker, workers: { n: 22 }, workerGroups: groups(2, 500) }), []);
        assert.deepEqual(problemsOf({ docker, workers: { n: 23 }, workerGroups: groups(2, 500) }), [
            "workerGroups: has, with workers, 1023 workers, more than the 1022 that have a place beside the master on a Linux bridge; lower an n",
        ]);
    });
});

describe("groups of workers on Kubernetes", () => {
    const group = { ...work, name: "a" };

    it("are checked for requests, restarts and limits of life as workers are", () => {
        assert.deepEqual(
            problemsOf({
                backend: "kubernetes",
                kubernetes: { pods: { requests: { cpu: 0.8 } } },
                workerGroups: [{ ...group, cpu: 0.5 }],
            }),
            [
                "kubernetes.pods.requests.cpu: 0.8 is more than workerGroups[0].cpu, which is 0.5; a request may be at most the limit",
            ],
        );
        const [restarted] = problemsOf({
            backend: "kubernetes",
            wait: "master",
            workerGroups: [{ ...group, restart: { attempts: 2 } }],
        });
        assert.match(restarted!, /^workerGroups\[0\]\.restart\.attempts: 2 is not 0, and with wait: "master" a worker/);
        const [endless] = problemsOf({
            backend: "kubernetes",
            maxSeconds: 60,
            kubernetes: { workers: "IndexedJob" },
            workers: { restart: { attempts: 0 } },
            workerGroups: [group],
        });
        assert.match(
            endless!,
            /^maxSeconds: 60 .*limit the restarts \(workerGroups\[0\]\.restart: \{ attempts: 0 \}\)/,
        );
    });
});
