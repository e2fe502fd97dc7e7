import assert from "node:assert/strict";
import { CreatedEngine } from "../../../../components/observing/runtime";
import { closePodHosts, openPodHost } from "../../../helpers/podHosts";
import { pod, terminated } from "../../../helpers/pods";

const running = { running: {} };
const never = new AbortController().signal;

describe("a Pod that is to join", () => {
    afterEach(closePodHosts);

    const engine = { id: "p" } as CreatedEngine;

    it("has joined when its container is ready, and not when that runs", async () => {
        const { host, watch } = await openPodHost([{ state: running, ready: false }]);
        let hasJoined: boolean | undefined;
        const waiting = host.untilJoined(engine, never).then((joined) => (hasJoined = joined));
        watch.emit("MODIFIED", pod({ state: running, ready: false, restartCount: 0 }));
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.equal(hasJoined, undefined);
        watch.emit("MODIFIED", pod({ state: running, ready: true }));
        assert.equal(await waiting, true);
    });

    it("is waited for no longer when it has ended, or when nobody waits any more", async () => {
        const { host } = await openPodHost([{ state: terminated(0) }, { name: "q", state: running, ready: false }]);
        assert.equal(await host.untilJoined(engine, never), true);
        const late = { id: "q" } as CreatedEngine;
        assert.equal(await host.untilJoined(late, AbortSignal.timeout(50)), false);
    });
});
