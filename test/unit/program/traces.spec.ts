import assert from "node:assert/strict";
import { withoutTraces } from "../../../components/program/traces";

describe("a call of the SDK without stack traces", () => {
    it("has none in its errors, and all others have theirs", () => {
        const traced = () => new Error("here").stack!.includes("\n    at ");
        assert.equal(withoutTraces(traced), false);
        assert.equal(traced(), true);
        assert.throws(() => withoutTraces(() => assert.fail("here")), /here/);
        assert.equal(traced(), true);
    });
});
