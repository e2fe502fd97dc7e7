import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { TestSession, ask, destroySessions, serve, small } from "./support/session";

onEachBackend("the order of a session", function (backend) {
    afterEach(destroySessions);

    it("creates the workers only when the master listens", async () => {
        const code = `import time\ntime.sleep(4)\nprint("listening now", flush=True)${serve.code}`;
        const session = await TestSession.create(backend, {
            master: { ...serve, code },
            workers: { ...ask, n: 1 },
            wait: "completed",
        });
        await session.up();
        const engines = await session.engines();
        // A cluster tells whole seconds.
        const waited = engines.get("worker-1")!.createdAt - engines.get("master")!.startedAt;
        assert.ok(waited >= 3000, `${waited} ms after the master's start`);
        const { workers } = await session.stack.outputs();
        assert.equal(workers[0].logs, "Worker received: hello\n");
    });

    it("never connects to the master to find out: it sees the workers' connections alone", async () => {
        const code = `
import socket
with socket.create_server(("0.0.0.0", 6000)) as server:
    for _ in range(2):
        connection, address = server.accept()
        print("from", address[0], flush=True)
        connection.sendall(b"hello")
        connection.close()
`;
        const session = await TestSession.create(backend, {
            master: { ...serve, code },
            workers: { ...ask, n: 2 },
            wait: "completed",
        });
        await session.up();
        const { master, workers } = await session.stack.outputs();
        const callers = master.logs.trim().split("\n").sort();
        assert.deepEqual(callers, workers.map(({ ip }: { ip: string }) => `from ${ip}`).sort());
    });

    it("finds a port that the master listens on over IPv6", async () => {
        const code = `
import socket, time
server = socket.create_server(("::", 6000), family=socket.AF_INET6, dualstack_ipv6=True)
time.sleep(3600)
`;
        const session = await TestSession.create(backend, {
            master: { ...small, ports: [6000], code },
            workers: { ...small, code: "pass", n: 1 },
        });
        await session.up();
    });

    it("fails when the master listens on another port, and says on which", async () => {
        const session = await TestSession.create(backend, {
            master: { ...serve, ports: [7000] },
            workers: { ...ask, n: 1 },
            timeoutSeconds: 6,
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /session-master did not listen on port 7000 within 6 s; it listens on 6000/);
        assert.equal((await session.engines()).has("worker-1"), false);
    });

    it("lets a master that has no ports end before the workers come", async () => {
        const session = await TestSession.create(backend, {
            master: { ...small, code: "print('done')" },
            workers: { ...small, code: "pass", n: 1 },
            wait: "completed",
        });
        await session.up();
    });
});
