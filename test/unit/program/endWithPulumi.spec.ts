import assert from "node:assert/strict";
import { mock } from "node:test";
import { endWithPulumi } from "../../../components/program/pulumiGone";
import { withPlayedPulumi } from "../../helpers/playedPulumi";

const failing = 3;
const program = "/x/node_modules/@pulumi/pulumi/cmd/run/index.js";

describe("a program whose Pulumi was killed", () => {
    const script = process.argv[1]!;
    let ended: unknown[];

    beforeEach(() => {
        ended = [];
        mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
        mock.method(process, "exit", (code: number) => ended.push(code));
    });
    afterEach(() => {
        process.argv[1] = script;
        mock.timers.reset();
        mock.restoreAll();
    });

    /** Lets seconds pass, and returns what was cleared up. */
    async function pass(seconds: number): Promise<void> {
        for (let second = 0; second < seconds; second++) {
            mock.timers.tick(1000);
            await new Promise((resolve) => setImmediate(resolve));
        }
    }

    function endAfter(signal: AbortSignal, clearUp: () => void): Promise<void> {
        const pulumi = { getChannel: () => ({ getConnectivityState: () => failing }) };
        return withPlayedPulumi(pulumi, () => {
            endWithPulumi(signal, () => Promise.resolve(clearUp()));
            return Promise.resolve();
        });
    }

    it("clears up, and ends when that had its time", async () => {
        process.argv[1] = program;
        let cleared = 0;
        await endAfter(new AbortController().signal, () => cleared++);
        await pass(3);
        assert.deepEqual([cleared, ended], [1, []]);
        await pass(5);
        assert.deepEqual([cleared, ended], [1, [1]]);
    });

    it("ends also when nobody waits any more, and has nothing to clear up then", async () => {
        process.argv[1] = program;
        const closing = new AbortController();
        await endAfter(closing.signal, () => assert.fail("nothing is to be cleared up"));
        closing.abort();
        await pass(8);
        assert.deepEqual(ended, [1]);
    });

    it("leaves a process alone that uses the Automation API", async () => {
        let cleared = 0;
        await endAfter(new AbortController().signal, () => cleared++);
        await pass(8);
        assert.deepEqual([cleared, ended], [1, []]);
    });
});
