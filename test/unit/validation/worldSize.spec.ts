import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";
import { sessionArgs } from "../../helpers/session";

const { master, workers } = sessionArgs();

describe("a session whose engines are given their number", () => {
    it("has no groups, in which each rank is there again", () => {
        const workerGroups = [{ ...workers, name: "gpu" }];
        assert.deepEqual(problemsOf({ worldSize: true, workerGroups }), [
            "worldSize: true is for engines with one rank each, and RANK counts in each of workerGroups; remove one of them",
        ]);
        assert.deepEqual(problemsOf({ worldSize: false, workerGroups }), []);
    });

    it("has no other number in the environment of an engine", () => {
        const env = { WORLD_SIZE: "4" };
        const given = { master: { ...master, env }, workers: { ...workers, env } };
        const reason = "is set by the session where worldSize is true; remove one of them";
        assert.deepEqual(problemsOf({ ...given, worldSize: true }), [
            `master.env.WORLD_SIZE: ${reason}`,
            `workers.env.WORLD_SIZE: ${reason}`,
        ]);
        assert.deepEqual(problemsOf(given), []);
    });
});
