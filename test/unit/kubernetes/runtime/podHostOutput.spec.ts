import assert from "node:assert/strict";
import { closePodHosts, openPodHost } from "../../../helpers/podHosts";
import { terminated } from "../../../helpers/pods";
import { refusal } from "../../../helpers/playedCluster";

const running = { running: {} };

describe("a Pod whose output is read", () => {
    afterEach(closePodHosts);

    it("gives the end of what its container printed", async () => {
        const { host, played } = await openPodHost([{ state: running }]);
        played.logs = "one\ntwo\n";
        assert.equal(await host.readTail("p"), "one\ntwo\n");
        assert.deepEqual(played.calls.at(-1)!.query, { name: "p", tailLines: 200, previous: false });
    });

    it("gives what it printed before it was started again", async () => {
        const { host, played } = await openPodHost([{ state: running, lastState: terminated(3), restartCount: 1 }]);
        await host.readTail("p");
        assert.equal(played.calls.at(-1)!.query.previous, true);
    });

    it("reads the end of what an ended one printed once, and that of a running one each time", async () => {
        const { host, played } = await openPodHost([
            { phase: "Succeeded", state: terminated(0) },
            { name: "q", state: running },
        ]);
        await host.readTail("p");
        const count = played.count("log");
        await host.readTail("p");
        assert.equal(played.count("log"), count);
        await host.readTail("q");
        await host.readTail("q");
        assert.equal(played.count("log"), count + 2);
    });

    it("gives the last words in its status where logs may not be read", async () => {
        const { host, played } = await openPodHost([{ phase: "Failed", state: terminated(3, "Error", "last words") }]);
        played.refusals.log = refusal(403);
        assert.equal(await host.readTail("p"), "last words");
    });

    it("gives nothing where there is no Pod, or nothing is known", async () => {
        const { host, played } = await openPodHost([{ name: "q", state: running }]);
        assert.equal(await host.readTail("p"), undefined);
        assert.equal(await host.readTail("j#1"), undefined);
        played.refusals.log = refusal(403);
        assert.equal(await host.readTail("q"), undefined);
    });
});
