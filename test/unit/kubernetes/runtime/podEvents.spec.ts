import assert from "node:assert/strict";
import { printedByProbe } from "../../../../components/kubernetes/runtime/client/podEvents";

describe("what a failed probe printed", () => {
    it("is the cluster's message about it, without the beginning", () => {
        assert.equal(printedByProbe("Startup probe failed: first\nnot yet\n"), "first\nnot yet\n");
        assert.equal(printedByProbe("Startup probe failed: "), "");
        const unknown = 'Startup probe errored and resulted in unknown state: exec: "x": executable file not found';
        assert.equal(printedByProbe(unknown), 'exec: "x": executable file not found');
        assert.equal(printedByProbe(undefined), undefined);
    });

    it("has no line that the cluster has cut, as it may be a part of a secret", () => {
        assert.equal(printedByProbe(`Startup probe failed: first\n${"s".repeat(1000)}`), "first\n");
    });
});
