import assert from "node:assert/strict";
import { Restarts } from "../../../components/observing/report";
import { createdEngines, failed } from "../../helpers/engines";
import { reportedDuring } from "../../helpers/playedPulumi";

const warning = 2;

describe("a restart of an engine", () => {
    it("is reported under its resource, with its reason and with how many there may be", async () => {
        const restarts = new Restarts();
        createdEngines({ workers: { restart: { attempts: 3 } } }).forEach((each) => restarts.know(each));
        const reported = await reportedDuring(() => restarts.report("w2", failed({ restarts: 1 })));
        const text = "s-worker-2 ended with exit code 3, and is started again (1 of 3).";
        assert.deepEqual(reported, [{ text, severity: warning, urn: "urn:w2" }]);
    });

    it("is reported without a number where it was taken away, because that does not count", async () => {
        const restarts = new Restarts();
        createdEngines({ workers: { restart: { attempts: 3 } } }).forEach((each) => restarts.know(each));
        const takenAway = "was evicted from its node n1";
        const reported = await reportedDuring(() => restarts.report("w2", failed({ takenAway })));
        assert.deepEqual(
            reported.map(({ text }) => text),
            ["s-worker-2 was evicted from its node n1; the cluster starts another one as soon as it has ended."],
        );
    });

    it("is reported without a number where there is no limit", async () => {
        const restarts = new Restarts();
        createdEngines({ wait: "running" }).forEach((each) => restarts.know(each));
        const reported = await reportedDuring(() =>
            restarts.report("m", failed({ restarts: 7, outOfMemory: true, exitCode: 137 })),
        );
        assert.deepEqual(
            reported.map(({ text }) => text),
            ["s-master was killed because it used more memory than its limit (exit code 137), and is started again."],
        );
    });
});
