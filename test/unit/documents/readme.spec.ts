import assert from "node:assert/strict";
import { readDocument } from "../../helpers/documents";

describe("the README", () => {
    it("is short: at most 150 lines and 10 KB", () => {
        const readme = readDocument("README.md");
        assert.ok(readme.trimEnd().split("\n").length <= 150);
        assert.ok(Buffer.byteLength(readme) <= 10_240);
    });
});
