import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, serve, small } from "./support/session";

/** A master that greets each caller, and then sends a tick a second for as long as the connection lives. */
const ticking = {
    ...serve,
    code: `
import socket, threading, time
def tick(connection):
    while True:
        connection.sendall(b"tick\\n")
        time.sleep(1)
with socket.create_server(("0.0.0.0", 6000)) as server:
    while True:
        threading.Thread(target=tick, args=[server.accept()[0]], daemon=True).start()
`,
};

/** A worker that counts the ticks of its one connection in a file, and ends badly when the connection does. */
const counting = {
    ...small,
    code: `
import os, socket
with socket.create_connection((os.environ["CML_MASTER_IP"], 6000)) as connection:
    for count, _ in enumerate(connection.makefile(), 1):
        open("/dev/shm/ticks", "w").write(str(count))
raise SystemExit("the connection is lost")
`,
};

onEachBackend("a resize", function (backend) {
    afterEach(destroySessions);

    it("from 2 to 4, 1, 0 and 3 workers adds or removes the highest ranks and leaves the others as they are", async () => {
        const config = (n: number) => ({
            project: "examples/hello-python",
            master: ticking,
            workers: { ...counting, n },
        });
        const session = await TestSession.create(backend, config(2));
        await session.up();
        let before = await session.ids();
        const ticks = async () => Number(await session.shell("worker-1", "cat /dev/shm/ticks"));
        let last = await ticks();
        for (const n of [4, 1, 0, 3]) {
            session.configure(config(n));
            await session.up();
            const now = await session.ids();
            const names = ["master", ...Array.from({ length: n }, (_, index) => `worker-${index + 1}`)];
            assert.deepEqual([...now.keys()].sort(), names);
            const survivors = names.filter((name) => before.has(name));
            assert.deepEqual(
                survivors.map((name) => now.get(name)),
                survivors.map((name) => before.get(name)),
            );
            if (survivors.includes("worker-1")) {
                const count = await ticks();
                assert.ok(count > last, `${count} ticks after ${last}: its connection to the master did not last`);
                last = count;
            }
            before = now;
        }
    });
});
