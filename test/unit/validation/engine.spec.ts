import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";

const cores = "a number of cores from 0.01 to 10000";
const gib = "a number of GiB from 6/1024 (6 MiB) to 1000000";
const engineProperties =
    "script, code, command, kernel, image, env, cpu, memory, disk, nvidiaGpu, stopSeconds, workingDir";
const comesLater = "must be a plain value, not an Output or a Promise";

describe("the number of workers", () => {
    it("is a plain value", () => {
        assert.deepEqual(problemsOf({ workers: { n: Promise.resolve(2) } }), [`workers.n: ${comesLater}`]);
    });

    for (const n of [-1, 0.5, 10_001, 1e21, NaN, Infinity, "2", null, undefined, true, [2]]) {
        it(`is not ${JSON.stringify(n) ?? "left out"}`, () => {
            const shown = typeof n === "number" || n === undefined ? String(n) : JSON.stringify(n);
            assert.deepEqual(problemsOf({ workers: { n } }), [
                `workers.n: ${shown} is not a whole number from 0 to 10000`,
            ]);
        });
    }

    for (const n of [0, 1, 893]) {
        it(`may be ${n}`, () => assert.deepEqual(problemsOf({ workers: { n } }), []));
    }
});

describe("the time that an engine has to stop", () => {
    for (const stopSeconds of [0, 0.5, 301, "5", null]) {
        it(`is not ${JSON.stringify(stopSeconds)} seconds`, () => {
            assert.deepEqual(problemsOf({ master: { stopSeconds } }), [
                `master.stopSeconds: ${JSON.stringify(stopSeconds)} is not a whole number of seconds from 1 to 300`,
            ]);
        });
    }

    it("may be five minutes", () => assert.deepEqual(problemsOf({ workers: { stopSeconds: 300 } }), []));
});

describe("the size of an engine", () => {
    for (const cpu of [0, -1, 0.0099, 10_001, NaN, Infinity, "1", null]) {
        it(`is not ${JSON.stringify(cpu)} cores`, () => {
            const shown = typeof cpu === "number" ? String(cpu) : JSON.stringify(cpu);
            assert.deepEqual(problemsOf({ master: { cpu } }), [`master.cpu: ${shown} is not ${cores}`]);
            assert.deepEqual(problemsOf({ workers: { cpu } }), [`workers.cpu: ${shown} is not ${cores}`]);
        });
    }

    for (const memory of [0, -1, 0.005, 5.99 / 1024, 1_000_001, NaN, Infinity, "512m", null]) {
        it(`is not ${JSON.stringify(memory)} GiB`, () => {
            const shown = typeof memory === "number" ? String(memory) : JSON.stringify(memory);
            assert.deepEqual(problemsOf({ master: { memory } }), [`master.memory: ${shown} is not ${gib}`]);
            assert.deepEqual(problemsOf({ workers: { memory } }), [`workers.memory: ${shown} is not ${gib}`]);
        });
    }

    for (const disk of [0, -1, 0.0009, 1_000_001, NaN, "1", null]) {
        it(`is not ${JSON.stringify(disk)} GiB of a disk`, () => {
            const shown = typeof disk === "number" ? String(disk) : JSON.stringify(disk);
            assert.deepEqual(problemsOf({ workers: { disk } }), [
                `workers.disk: ${shown} is not a number of GiB from 1/1024 (1 MiB) to 1000000`,
            ]);
        });
    }

    for (const disk of [1 / 1024, 20, Promise.resolve(1)]) {
        it(`may be ${JSON.stringify(disk)} GiB of a disk`, () =>
            assert.deepEqual(problemsOf({ master: { disk } }), []));
    }

    for (const nvidiaGpu of [-1, 0.5, 65, "1", null]) {
        it(`is not ${JSON.stringify(nvidiaGpu)} GPUs`, () => {
            assert.deepEqual(problemsOf({ workers: { nvidiaGpu } }), [
                `workers.nvidiaGpu: ${JSON.stringify(nvidiaGpu)} is not a whole number of GPUs from 0 to 64`,
            ]);
        });
    }

    for (const size of [
        { cpu: 0.01, memory: 6 / 1024, nvidiaGpu: 0 },
        { cpu: 10_000, memory: 1_000_000, nvidiaGpu: 64 },
        { cpu: undefined, memory: undefined, nvidiaGpu: undefined },
    ]) {
        it(`may be ${JSON.stringify(size)}`, () => assert.deepEqual(problemsOf({ master: size, workers: size }), []));
    }
});

describe("the ports of a master", () => {
    const table: [unknown, string[]][] = [
        [[0], ["master.ports[0]: 0 is not a port from 1 to 65535"]],
        [[1, 65_536], ["master.ports[1]: 65536 is not a port from 1 to 65535"]],
        [[80.5], ["master.ports[0]: 80.5 is not a port from 1 to 65535"]],
        [["6000"], ['master.ports[0]: "6000" is not a port from 1 to 65535']],
        [[null], ["master.ports[0]: null is not a port from 1 to 65535"]],
        [[6000, 7000, 6000], ["master.ports[2]: 6000 is listed twice; list each port once"]],
        [6000, ["master.ports: 6000 is not a list of ports"]],
        [null, ["master.ports: null is not a list of ports"]],
    ];
    for (const [ports, problems] of table) {
        it(`are not ${JSON.stringify(ports)}`, () => assert.deepEqual(problemsOf({ master: { ports } }), problems));
    }

    it("may be none, the lowest and the highest", () => {
        for (const ports of [undefined, [], [1, 65_535]]) {
            assert.deepEqual(problemsOf({ master: { ports } }), []);
        }
    });

    it("are not for workers", () => {
        assert.deepEqual(problemsOf({ workers: { ports: [1] } }), [
            `workers.ports: unknown property; expected one of n, ${engineProperties}, restart, joinCheck`,
        ]);
    });
});

describe("the environment of an engine", () => {
    const malformed = "is not a name of letters, digits and _ that starts with a letter or _";
    const table: [unknown, string][] = [
        [{ "": "x" }, `master.env[""]: "" ${malformed}`],
        [{ "1A": "x" }, `master.env.1A: "1A" ${malformed}`],
        [{ "A-B": "x" }, `master.env.A-B: "A-B" ${malformed}`],
        [{ "A=B": "x" }, `master.env.A=B: "A=B" ${malformed}`],
        [{ "A\n": "x" }, `master.env["A\\n"]: "A\\n" ${malformed}`],
        [{ CDSW_X: "x" }, 'master.env.CDSW_X: "CDSW_X" is set by the session itself; choose another name'],
        [{ RANK: "1" }, 'master.env.RANK: "RANK" is set by the session itself; choose another name'],
        [{ DEBUG: 1 }, "master.env.DEBUG: 1 is not a string; quote it"],
        [{ DEBUG: true }, "master.env.DEBUG: true is not a string; quote it"],
        [{ DEBUG: null }, "master.env.DEBUG: null is not a string; quote it"],
        [["A=1"], 'master.env: ["A=1"] is not a plain object of names and values'],
        ["A=1", 'master.env: "A=1" is not a plain object of names and values'],
        [null, "master.env: null is not a plain object of names and values"],
    ];
    for (const [env, problem] of table) {
        it(`is not ${JSON.stringify(env)}`, () => assert.deepEqual(problemsOf({ master: { env } }), [problem]));
    }

    it("may have any other name, and any text", () => {
        const env = { A: "", _b1: "a=b\nc", OMP_NUM_THREADS: "4", PATH: "/bin" };
        assert.deepEqual(problemsOf({ master: { env }, workers: { env } }), []);
    });
});

describe("the restarts of workers", () => {
    const allowed = "a whole number from 0 to 1000";
    const table: [unknown, string][] = [
        [{ attempts: -1 }, `workers.restart.attempts: -1 is not ${allowed}`],
        [{ attempts: 1001 }, `workers.restart.attempts: 1001 is not ${allowed}`],
        [{ attempts: 0.5 }, `workers.restart.attempts: 0.5 is not ${allowed}`],
        [{ attempts: Infinity }, `workers.restart.attempts: Infinity is not ${allowed}`],
        [{ attempts: "3" }, `workers.restart.attempts: "3" is not ${allowed}`],
        [{ attempts: null }, `workers.restart.attempts: null is not ${allowed}`],
        [{ attempts: 1, delay: 2 }, "workers.restart.delay: unknown property; expected one of attempts, always"],
        [{ always: "yes" }, 'workers.restart.always: "yes" is not true or false'],
        [3, "workers.restart: 3 is not an object"],
        [null, "workers.restart: null is not an object"],
        [[3], "workers.restart: [3] is not an object"],
        ["always", 'workers.restart: "always" is not an object'],
    ];
    for (const [restart, problem] of table) {
        it(`are reported as "${problem}"`, () => assert.deepEqual(problemsOf({ workers: { restart } }), [problem]));
    }

    it("may be left out, none, and many", () => {
        const given = [{}, { attempts: 0 }, { attempts: 1 }, { attempts: 1000 }, { always: true }, { always: false }];
        for (const restart of [undefined, ...given, { attempts: 2, always: false }]) {
            assert.deepEqual(problemsOf({ workers: { restart } }), []);
        }
    });

    const always = { restart: { always: true } };
    const contradictions: [Record<string, unknown>, string][] = [
        [
            { wait: "completed", workers: always },
            'workers.restart.always: true is for services, and with wait: "completed" a worker that ends with 0 has done its work; remove it, or use wait: "running"',
        ],
        [
            { wait: "none", workers: always },
            'workers.restart.always: true is for services, and with wait: "none" a worker that ends with 0 has done its work; remove it, or use wait: "running"',
        ],
        [
            { workers: { restart: { always: true, attempts: 3 } } },
            "workers.restart.attempts: 3 limits the restarts, and workers.restart.always is without limit; remove one of them",
        ],
        [
            { workers: { ...always, command: undefined } },
            "workers.restart.always: true is for workers with a script, code or command; the engines of a pool end with their master; remove it",
        ],
        [
            { maxSeconds: 60, workers: always },
            "workers.restart.always: true lets no worker end, and maxSeconds, 60, ends each; remove one of them",
        ],
        [
            { backend: "kubernetes", kubernetes: { workers: "IndexedJob" }, workers: always },
            'workers.restart.always: true cannot be given with kubernetes.workers "IndexedJob", because a Job never restarts what ends with 0; use kubernetes.workers "Pods", or let the program end with another exit code',
        ],
    ];
    for (const [changes, problem] of contradictions) {
        it(`are reported as "${problem}"`, () => assert.deepEqual(problemsOf(changes), [problem]));
    }

    it("are a plain value, as a whole and in their number", () => {
        const later = Promise.resolve(1);
        assert.deepEqual(problemsOf({ workers: { restart: later } }), [`workers.restart: ${comesLater}`]);
        assert.deepEqual(problemsOf({ workers: { restart: { attempts: later } } }), [
            `workers.restart.attempts: ${comesLater}`,
        ]);
    });
});

describe("the other properties of an engine", () => {
    const table: [Record<string, unknown>, string][] = [
        [{ gpu: 1 }, `master.gpu: unknown property; expected one of ${engineProperties}, ports, mainPort`],
        [
            { restart: { attempts: 1 } },
            `master.restart: unknown property; expected one of ${engineProperties}, ports, mainPort`,
        ],
        [{ n: 1 }, `master.n: unknown property; expected one of ${engineProperties}, ports, mainPort`],
        [{ image: "" }, 'master.image: "" is not an image reference, such as "python:3.12"'],
        [{ image: 3.11 }, 'master.image: 3.11 is not an image reference, such as "python:3.12"'],
        [{ image: null }, 'master.image: null is not an image reference, such as "python:3.12"'],
    ];
    for (const [master, problem] of table) {
        it(`are reported as "${problem}"`, () => assert.deepEqual(problemsOf({ master }), [problem]));
    }
});
