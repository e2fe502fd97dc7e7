import assert from "node:assert/strict";
import { DistributedSessionArgs } from "../../../components";
import { validate } from "../../../components/validation/validate";
import { AnyArgs, problemsOf } from "../../helpers/problems";
import { sessionArgs } from "../../helpers/session";

const allowedName = "at most 40 lower-case letters, digits and -, starting with a letter and not ending with -";
const sessionProperties =
    "backend, project, shared, volumes, master, workers, workerGroups, publish, wait, timeoutSeconds, onWorkerFailure, maxSeconds, egress, readOnlyRoot, worldSize, docker, kubernetes";

describe("the name of a session", () => {
    for (const name of ["s", "hello", "a-1", "x".repeat(40)]) {
        it(`may be ${name}`, () => assert.deepEqual(problemsOf({}, undefined, name), []));
    }

    for (const name of ["", "Hello", "1a", "-a", "a-", "a_b", "a.b", "ä", "a\n", "x".repeat(41)]) {
        it(`is not ${JSON.stringify(name)}`, () => {
            assert.deepEqual(problemsOf({}, undefined, name), [
                `name: ${JSON.stringify(name)} (${name.length} characters) is not ${allowedName}`,
            ]);
        });
    }
});

describe("the properties of a session", () => {
    const table: [AnyArgs, string][] = [
        [{ worker: { n: 1 } }, `worker: unknown property; expected one of ${sessionProperties}`],
        [{ backend: "podman" }, 'backend: "podman" is not one of "docker", "kubernetes"'],
        [{ backend: null }, 'backend: null is not one of "docker", "kubernetes"'],
        [
            { kubernetes: { namespace: "x" } },
            'kubernetes: is for backend "kubernetes", and the backend is "docker"; remove it',
        ],
        [
            { backend: "kubernetes", docker: {} },
            'docker: is for backend "docker", and the backend is "kubernetes"; remove it',
        ],
        [{ wait: "complete" }, 'wait: "complete" is not one of "none", "running", "completed", "master"'],
        [{ wait: true }, 'wait: true is not one of "none", "running", "completed", "master"'],
        [{ onWorkerFailure: "ignore" }, 'onWorkerFailure: "ignore" is not one of "fail", "report"'],
        [{ readOnlyRoot: "true" }, 'readOnlyRoot: "true" is not true or false'],
        [{ worldSize: 3 }, "worldSize: 3 is not true or false"],
        [{ timeoutSeconds: -1 }, "timeoutSeconds: -1 is not a number of seconds from 0 (no limit) to 31536000"],
        [{ timeoutSeconds: "60" }, 'timeoutSeconds: "60" is not a number of seconds from 0 (no limit) to 31536000'],
        [{ timeoutSeconds: NaN }, "timeoutSeconds: NaN is not a number of seconds from 0 (no limit) to 31536000"],
        [{ timeoutSeconds: null }, "timeoutSeconds: null is not a number of seconds from 0 (no limit) to 31536000"],
        ...[0, 1.5, 31_536_001, "60", NaN, null].map((maxSeconds): [AnyArgs, string] => {
            const shown = typeof maxSeconds === "string" ? JSON.stringify(maxSeconds) : String(maxSeconds);
            return [{ maxSeconds }, `maxSeconds: ${shown} is not a whole number of seconds from 1 to 31536000`];
        }),
    ];
    for (const [changes, problem] of table) {
        it(`are reported as "${problem}"`, () => assert.deepEqual(problemsOf(changes), [problem]));
    }

    for (const changes of [
        { backend: "docker", wait: "none", onWorkerFailure: "report", timeoutSeconds: 0 },
        {
            backend: undefined,
            wait: undefined,
            onWorkerFailure: undefined,
            timeoutSeconds: undefined,
            docker: undefined,
        },
        { backend: "kubernetes" },
        { wait: "completed", timeoutSeconds: 0.5 },
        { wait: "running", timeoutSeconds: 86_400 },
        { readOnlyRoot: true },
        { worldSize: true },
        { maxSeconds: 1 },
        { maxSeconds: 31_536_000 },
    ]) {
        it(`may be ${JSON.stringify(changes)}`, () => assert.deepEqual(problemsOf(changes), []));
    }
});

describe("a session without its engines", () => {
    const { master, workers } = sessionArgs();

    for (const nothing of [undefined, null, "two", 2, []]) {
        it(`says that ${JSON.stringify(nothing)} is no master and no group of workers`, () => {
            const shown = nothing === undefined ? "undefined" : JSON.stringify(nothing);
            const problems = (args: unknown) => validate("s", args as DistributedSessionArgs, undefined);
            const reason = `${shown} is not an object`;
            assert.deepEqual(problems({ master: nothing, workers }), [{ path: "master", reason }]);
            assert.deepEqual(problems({ master, workers: nothing }), [{ path: "workers", reason }]);
        });
    }
});

describe("many problems", () => {
    it("are all reported at once, each with its property", () => {
        const problems = problemsOf(
            {
                wait: "never",
                master: { cpu: 0, memory: "1", ports: [0, 6000, 6000], env: { RANK: "1" } },
                workers: { n: -1, command: [], image: "", size: 3 },
                docker: { subnet: "8.8.8.0/24" },
            },
            undefined,
            "S",
        );
        assert.deepEqual(
            problems.map((line) => line.slice(0, line.indexOf(":"))),
            [
                "name",
                "master.env.RANK",
                "master.cpu",
                "master.memory",
                "master.ports[0]",
                "master.ports[2]",
                "workers.size",
                "workers.n",
                "workers.command",
                "workers.image",
                "wait",
                "docker.subnet",
            ],
        );
    });
});
