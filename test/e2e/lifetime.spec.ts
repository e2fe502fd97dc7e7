import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, small } from "./support/session";

onEachBackend("a session whose engines may live for a few seconds", function (backend) {
    afterEach(destroySessions);

    it("has them ended then, by SIGTERM, and names the limit", async () => {
        const code = `
import signal, sys
def end(*_):
    print("told to end")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
signal.pause()
`;
        const session = await TestSession.create(backend, {
            master: { ...small, command: ["true"] },
            workers: { ...small, n: 1, code },
            maxSeconds: 15,
            wait: "completed",
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /session-worker-1 was ended after 15 s, as maxSeconds says\./);
        assert.match(run.output, /\| told to end\n/);
    });
});
