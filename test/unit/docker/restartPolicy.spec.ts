import assert from "node:assert/strict";
import { firstRestartPolicyOf, hasPolicy, restartPolicyOf } from "../../../components/docker/restartPolicy";

describe("the restart policy of a container", () => {
    const never = { Name: "no", MaximumRetryCount: 0 };
    const withoutEnd = { Name: "on-failure", MaximumRetryCount: 0 };
    const once = { Name: "on-failure", MaximumRetryCount: 1 };
    const often = { Name: "on-failure", MaximumRetryCount: 1000 };
    for (const [restarts, first, later] of [
        [0, never, never],
        [1, once, once],
        [1000, often, often],
        [Infinity, never, withoutEnd],
    ] as const) {
        it(`with ${restarts} restarts is ${JSON.stringify(first)} at first and ${JSON.stringify(later)} once it came up`, () => {
            assert.deepEqual(firstRestartPolicyOf({ restarts, restartsAlways: false }), first);
            assert.deepEqual(restartPolicyOf({ restarts, restartsAlways: false }), later);
        });
    }

    it("that is to run whatever its exit code comes once it came up, and leaves what somebody stopped", () => {
        const always = { restarts: Infinity, restartsAlways: true };
        assert.deepEqual(firstRestartPolicyOf(always), never);
        assert.deepEqual(restartPolicyOf(always), { Name: "unless-stopped", MaximumRetryCount: 0 });
    });

    const table: [Parameters<typeof hasPolicy>[0], Parameters<typeof hasPolicy>[1], boolean][] = [
        [undefined, never, true],
        [{ Name: "" }, never, true],
        [{ Name: "", MaximumRetryCount: 0 }, never, true],
        [{ Name: "no", MaximumRetryCount: 0 }, never, true],
        [{ Name: "on-failure", MaximumRetryCount: 0 }, never, false],
        [undefined, withoutEnd, false],
        [{ Name: "always", MaximumRetryCount: 0 }, withoutEnd, false],
        [{ Name: "on-failure" }, withoutEnd, true],
        [{ Name: "on-failure", MaximumRetryCount: 1 }, withoutEnd, false],
        [{ Name: "on-failure", MaximumRetryCount: 1 }, once, true],
        [{ Name: "on-failure", MaximumRetryCount: 2 }, once, false],
    ];
    for (const [found, wanted, isSo] of table) {
        it(`${JSON.stringify(found) ?? "that is missing"} is ${isSo ? "" : "not "}${JSON.stringify(wanted)}`, () => {
            assert.equal(hasPolicy(found, wanted), isSo);
        });
    }
});
