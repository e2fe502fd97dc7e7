import assert from "node:assert/strict";
import { within } from "../../../components/observing/time";

const never = new Promise<string>(() => undefined);

describe("a promise within a time", () => {
    it("gives its value where it comes in time", async () => {
        assert.equal(await within(1000, Promise.resolve("value")), "value");
    });

    it("gives nothing where it is late", async () => {
        assert.equal(await within(5, never), undefined);
    });

    it("has all the time where there is no limit", async () => {
        const slow = new Promise((resolve) => setTimeout(() => resolve("value"), 20));
        assert.equal(await within(0, slow), "value");
        assert.equal(await within(-1, Promise.resolve("value")), "value");
    });

    it("gives its error", async () => {
        await assert.rejects(within(1000, Promise.reject(new Error("boom"))), { message: "boom" });
    });

    it("has all of a long time", async () => {
        const slow = new Promise((resolve) => setTimeout(() => resolve("value"), 20));
        assert.equal(await within(30 * 24 * 3600 * 1000, slow), "value");
    });
});
