import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DistributedSessionArgs } from "../../../components";
import { isReserved } from "../../../components/model/reservedNames";
import { pathOf } from "../../../components/validation/checkObject";
import { validate } from "../../../components/validation/validate";
import { problemsOf, projectOf } from "../../helpers/problems";

const project = projectOf({ "worker.py": 1 });

/** Something that has the properties that it should, with any values. */
function objectWith(...properties: string[]): fc.Arbitrary<unknown> {
    const values = Object.fromEntries(properties.map((property) => [property, fc.jsonValue()]));
    return fc.oneof(fc.record(values, { requiredKeys: [] }), fc.jsonValue());
}

describe("arguments of any kind", () => {
    const engine = [
        "script",
        "code",
        "command",
        "kernel",
        "image",
        "env",
        "cpu",
        "memory",
        "nvidiaGpu",
        "stopSeconds",
        "workingDir",
        "joinCheck",
        "n",
        "ports",
        "mainPort",
        "restart",
    ];
    const args = fc.record(
        {
            backend: fc.oneof(fc.jsonValue(), fc.constantFrom("docker", "kubernetes")),
            project: fc.jsonValue(),
            master: objectWith(...engine),
            workers: objectWith(...engine),
            wait: fc.jsonValue(),
            timeoutSeconds: fc.jsonValue(),
            onWorkerFailure: fc.jsonValue(),
            publish: fc.oneof(fc.jsonValue(), fc.array(objectWith("port", "hostPort", "hostIp"))),
            docker: objectWith("publish", "pidsLimit", "log"),
            kubernetes: fc.oneof(fc.jsonValue(), objectWith("access", "serviceType")),
        },
        { requiredKeys: [] },
    );

    it("are reported as problems and never as an exception", () => {
        fc.assert(
            fc.property(args, fc.boolean(), (any, withProject) => {
                const given = any as unknown as DistributedSessionArgs;
                for (const { path, reason } of validate("s", given, withProject ? project : undefined)) {
                    assert.equal(typeof path, "string");
                    assert.ok(reason.length > 0);
                }
            }),
            { numRuns: 2000 },
        );
    });

    it("are a problem in the place of a whole engine, unless they are an object", () => {
        const notAnObject = fc.anything().filter((value) => typeof value !== "object" || value === null);
        fc.assert(
            fc.property(notAnObject, (value) => {
                const given = { master: value, workers: value } as unknown as DistributedSessionArgs;
                const paths = validate("s", given, undefined).map(({ path }) => path);
                assert.deepEqual(paths, ["master", "workers"]);
            }),
        );
    });

    it("are reported as problems also in the place of the subnet", () => {
        fc.assert(fc.property(fc.jsonValue(), (subnet) => problemsOf({ docker: { subnet } }).length > 0));
        assert.equal(problemsOf({ docker: { subnet: { toString: 1 } } }).length, 1);
    });

    it("are no port that is there twice where they are no number", () => {
        assert.deepEqual(problemsOf({ master: { ports: [NaN] } }), [
            "master.ports[0]: NaN is not a port from 1 to 65535",
        ]);
    });

    it("are shown also where they have no JSON", () => {
        const loop: Record<string, unknown> = {};
        loop.loop = loop;
        for (const cpu of [1n, loop]) {
            assert.equal(problemsOf({ workers: { cpu } }).length, 1);
        }
    });

    it("are reported where there are none at all", () => {
        assert.ok(validate("s", null as unknown as DistributedSessionArgs, undefined).length > 0);
    });
});

describe("an environment of any names", () => {
    it("is accepted exactly where each name is one of the shell's and not the session's", () => {
        const name = fc.oneof(
            fc.string({ maxLength: 6 }),
            fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
            fc.constantFrom("CDSW_X", "CML_X", "RANK", "MASTER_ADDR", "MASTER_PORT"),
        );
        fc.assert(
            fc.property(fc.dictionary(name, fc.string()), (env) => {
                const refused = Object.keys(env).filter(
                    (key) => isReserved(key) || !/^[a-z_]\w*$/i.test(key) || key.includes("\n"),
                );
                const problems = validate(
                    "s",
                    { master: { command: ["a"], env }, workers: { n: 0, command: ["a"] } },
                    undefined,
                );
                assert.deepEqual(
                    problems.map(({ path }) => path),
                    refused.map((key) => pathOf("master.env", key)),
                );
            }),
            { numRuns: 500 },
        );
    });
});
