import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { DistributedSession, DistributedSessionArgs } from "../../../components";
import { validate } from "../../../components/validation/validate";
import { deploy } from "../../helpers/deploy";
import { problemsOf } from "../../helpers/problems";
import { environmentIn, find, sessionArgs } from "../../helpers/session";

const mustBePlain = "must be a plain value, not an Output or a Promise";

describe("arguments of a class", () => {
    class Workers {
        get n() {
            return 2;
        }
        get command() {
            return ["work"];
        }
        get env() {
            return { A: "1" };
        }
    }

    for (const [what, workers] of [
        ["with getters", new Workers()],
        ["with a prototype", Object.create({ n: 2, command: ["work"], env: { A: "1" } })],
    ] as [string, any][]) {
        it(`${what} make the session that they describe`, async () => {
            const args = { master: { command: ["serve"] }, workers };
            const deployment = await deploy(() => ({ workers: new DistributedSession("s", args).workers }));
            const worker = find(deployment, "s-worker-2");
            assert.deepEqual([worker.inputs.command, environmentIn(worker).A], [["work"], "1"]);
        });
    }

    for (const [what, env] of [
        ["a Map", new Map([["A", "1"]])],
        ["an object of a class", new Workers()],
        ["an object with a prototype", Object.create({ A: "1" })],
    ] as const) {
        it(`are refused as an environment that is ${what}, which would be empty`, () => {
            const [problem] = problemsOf({ master: { env } });
            assert.match(problem!, /^master\.env: .* is not a plain object of names and values$/);
        });
    }
});

describe("arguments that come later as a whole", () => {
    const later = (value: unknown): any => pulumi.output(Promise.resolve(value));
    const { master, workers } = sessionArgs();

    it("are refused in one sentence, whichever they are", () => {
        for (const [path, args] of [
            ["args", later({})],
            ["args", Promise.resolve({})],
            ["master", { master: later(master), workers }],
            ["workers", { master, workers: Promise.resolve(workers) }],
            ["docker", { master, workers, docker: later({}) }],
            ["docker.subnet", { master, workers, docker: { subnet: later("10.77.0.0/24") } }],
            ["master.script", { master: { script: later("a.py") }, workers }],
            ["project", { master, workers, project: later(".") }],
            ["master.ports[0]", { master: { ...master, ports: [later(6000)] }, workers }],
        ] as [string, DistributedSessionArgs][]) {
            assert.deepEqual(validate("s", args, undefined), [{ path, reason: mustBePlain }]);
        }
    });
});

describe("a property with an odd name", () => {
    for (const [name, path] of [
        ["", '[""]'],
        ["a b", '["a b"]'],
        ["a\nb", '["a\\nb"]'],
        ["größe", "größe"],
    ] as const) {
        it(`is reported on one line, as ${path}`, () => {
            const [problem] = problemsOf({ [name]: 1 });
            assert.ok(problem!.startsWith(`${path}: unknown property; `), problem);
        });
    }

    it("is reported on one line among variables, too", () => {
        const [problem] = problemsOf({ master: { env: { "a\nb": "1" } } });
        assert.match(problem!, /^master\.env\["a\\nb"\]: .* is not a name of letters/);
    });
});

describe("the name of a session", () => {
    it("is a string, and nothing that reads like one", () => {
        for (const name of [["s"], { toString: () => "s" }, 5, null, undefined] as unknown as string[]) {
            const [problem] = validate(name, sessionArgs(), undefined);
            assert.equal(problem!.path, "name");
        }
    });
});

describe("an image", () => {
    for (const image of [
        "debian latest",
        "../../containers/json?all=1#",
        "Debian",
        "a//b",
        ":tag",
        "a:",
        "a:b:c",
        "-a",
        "a@sha256:12",
        "http://a/b",
        " a",
        "a\n",
    ]) {
        it(`is not ${JSON.stringify(image)}`, () => {
            assert.deepEqual(problemsOf({ master: { image } }), [
                `master.image: ${JSON.stringify(image)} is not an image reference, such as "python:3.12"`,
            ]);
        });
    }

    for (const image of [
        "mine",
        "a1e2f3",
        "python:3.12-slim_x.1",
        "distributed-session/engine:0.2.0",
        "localhost:5000/a/b__c-d.e:Latest",
        "Registry.example.com/a",
        "[::1]:5000/a:1",
        `a@sha256:${"0a".repeat(32)}`,
        `a:1@sha256:${"0a".repeat(32)}`,
        `sha256:${"0a".repeat(32)}`,
    ]) {
        it(`may be ${image}`, () => assert.deepEqual(problemsOf({ master: { image } }), []));
    }
});

describe("many ports", () => {
    it("are checked in a moment, though each is compared with all others", () => {
        const ports = Array.from({ length: 65_535 }, (_, index) => index + 1);
        const start = performance.now();
        assert.deepEqual(problemsOf({ master: { ports } }), []);
        assert.ok(performance.now() - start < 1000);
    });
});
