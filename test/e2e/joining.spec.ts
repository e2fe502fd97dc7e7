import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, idle, small } from "./support/session";

/** Workers that join some seconds after they have started. */
const workers = { ...small, n: 2, command: ["sh", "-c", "sleep 8; touch /tmp/joined; sleep 3600"] };

const session = (joinCheck: string, more: Record<string, unknown> = {}) => ({
    master: idle,
    workers: { ...workers, joinCheck: ["sh", "-c", joinCheck] },
    ...more,
});

onEachBackend("workers that are to join", (backend) => {
    let created: TestSession;

    before(async () => {
        created = await TestSession.create(backend, session("test -e /tmp/joined"));
        await created.up();
    });
    after(destroySessions);

    it("have joined when up ends", async () => {
        const found = await Promise.all([1, 2].map((rank) => created.shell(`worker-${rank}`, "ls /tmp/joined")));
        assert.deepEqual(found, ["/tmp/joined", "/tmp/joined"]);
        const { workers: outputs } = await created.stack.outputs();
        const statuses = outputs.map(({ status }: { status: string }) => status);
        assert.deepEqual(statuses, ["running", "running"]);
    });

    it("make up fail at timeoutSeconds when they do not, with the last line of their check", async () => {
        const before = await created.ids();
        created.configure(session('echo "first"; echo "rank $RANK: $(echo not yet)"; false', { timeoutSeconds: 12 }));
        const { output } = await created.failToComeUp();
        assert.match(
            output,
            /2 of 2 workers had not joined after 12 s\. What their joinCheck printed last:\n\s+session-worker-1: rank 1: not yet\n\s+session-worker-2: rank 2: not yet\n/,
        );
        if (backend === docker) {
            assert.deepEqual(await created.ids(), before);
        }
    });
});
