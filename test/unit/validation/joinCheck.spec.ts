import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";
import { sessionArgs } from "../../helpers/session";

const { workers } = sessionArgs();
const joinCheck = ["test", "-e", "joined"];

describe("the check of workers that are to join", () => {
    it("is a program and its arguments", () => {
        assert.deepEqual(problemsOf({ workers: { ...workers, joinCheck: [] } }), [
            "workers.joinCheck: [] is not a list with a program and its arguments",
        ]);
        const given = { ...workers, name: "gpu", joinCheck: "test" as unknown as string[] };
        assert.deepEqual(problemsOf({ workerGroups: [given] }), [
            'workerGroups[0].joinCheck: "test" is not a list with a program and its arguments',
        ]);
    });

    for (const wait of ["completed", "master"] as const) {
        it(`has no place in a session that waits as "${wait}" says`, () => {
            const text = `workers.joinCheck: is for workers that serve, and wait: "${wait}" waits for an end; remove it, or use wait: "running"`;
            assert.deepEqual(problemsOf({ wait, workers: { ...workers, joinCheck } }), [text]);
        });
    }

    it("may stay where nothing is waited for", () => {
        assert.deepEqual(problemsOf({ wait: "none", workers: { ...workers, joinCheck } }), []);
    });
});
