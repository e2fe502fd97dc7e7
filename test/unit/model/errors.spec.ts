import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { inspect } from "util";
import { SessionError, describeProblems, show } from "../../../components/model/errors";

describe("a session's error", () => {
    const error = new SessionError("master.cpu: 0 is too little", {} as pulumi.Resource);

    it("is one that Pulumi shows without a stack", () => {
        assert.ok(pulumi.ResourceError.isInstance(error));
        assert.equal(error.hideStack, true);
    });

    it("keeps its text when somebody assigns another", () => {
        error.message = `error serializing property "envs": ${error.message}`;
        assert.equal(error.message, "master.cpu: 0 is too little");
    });

    it("is inspected as its text, without the resource behind it", () => {
        assert.equal(inspect(error), "master.cpu: 0 is too little");
        assert.equal(inspect(error, { depth: 10, showHidden: true }), "master.cpu: 0 is too little");
    });
});

describe("the text of problems", () => {
    it("is one line for each, under a line with their number", () => {
        const problems = [
            { path: "workers.n", reason: "-1 is bad" },
            { path: "name", reason: "it is bad" },
        ];
        assert.equal(
            describeProblems('DistributedSession "s"', problems),
            'DistributedSession "s" has 2 problems:\n  workers.n: -1 is bad\n  name: it is bad',
        );
    });

    it("speaks of one problem in the singular", () => {
        assert.equal(describeProblems("It", [{ path: "a", reason: "b" }]), "It has 1 problem:\n  a: b");
    });
});

describe("a value in a text", () => {
    for (const [value, shown] of [
        ["x", '"x"'],
        ["2", '"2"'],
        [-1, "-1"],
        [NaN, "NaN"],
        [Infinity, "Infinity"],
        [undefined, "undefined"],
        [null, "null"],
        [true, "true"],
        [[1, "a"], '[1,"a"]'],
        [{ a: 1 }, '{"a":1}'],
        [() => 1, "function"],
        ["x".repeat(78), `"${"x".repeat(78)}"`],
        ["x".repeat(79), `"${"x".repeat(76)}...`],
    ] as const) {
        it(`is ${shown}`, () => assert.equal(show(value), shown));
    }

    it("is named where it has no text of its own", () => {
        const circular: Record<string, unknown> = {};
        circular.circular = circular;
        assert.equal(show(circular), "[circular object]");
        assert.equal(show({ big: 1n }), "[object]");
        assert.equal(show(pulumi.output(1)), "[an Output or a Promise]");
    });
});
