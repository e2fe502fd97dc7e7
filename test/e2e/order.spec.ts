import assert from "node:assert/strict";
import * as path from "path";
import { docker } from "./support/backends";
import { onEachBackend, onlyOn } from "./support/columns";
import { TestSession, ask, destroySessions, serve, small } from "./support/session";

onEachBackend("the order of a session", function (backend, itOnce) {
    let conversation: TestSession;

    before(async () => {
        const code = `
import socket, time
time.sleep(4)
with socket.create_server(("0.0.0.0", 6000)) as server:
    for _ in range(2):
        connection, address = server.accept()
        print("from", address[0], flush=True)
        connection.sendall(b"hello")
        connection.close()
`;
        conversation = await TestSession.create(backend, {
            master: { ...serve, code },
            workers: { ...ask, n: 2 },
            wait: "completed",
        });
        await conversation.up();
    });
    after(destroySessions);

    it("creates the workers only when the master listens", async () => {
        const engines = await conversation.engines();
        const { workers } = await conversation.stack.outputs();
        for (const [index, { logs }] of workers.entries()) {
            // A cluster reports whole seconds.
            const waited = engines.get(`worker-${index + 1}`)!.createdAt - engines.get("master")!.startedAt;
            assert.ok(waited >= 3000, `${waited} ms after the master's start`);
            assert.equal(logs, "Worker received: hello\n");
        }
    });

    it("never connects to the master to find out: it sees the workers' connections alone", async () => {
        const { master, workers } = await conversation.stack.outputs();
        const callers = master.logs.trim().split("\n").sort();
        assert.deepEqual(callers, workers.map(({ ip }: { ip: string }) => `from ${ip}`).sort());
    });

    itOnce("finds a port that the master listens on over IPv6", async () => {
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

    itOnce("fails when the master listens on another port, and says on which", async () => {
        const session = await TestSession.create(backend, {
            master: { ...serve, ports: [7000] },
            workers: { ...ask, n: 1 },
            timeoutSeconds: 6,
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /session-master did not listen on port 7000 within 6 s; it listens on 6000/);
        assert.equal((await session.engines()).has("worker-1"), false);
    });

    itOnce("lets a master that has no ports end before the workers come", async () => {
        const session = await TestSession.create(backend, {
            master: { ...small, code: "print('done')" },
            workers: { ...small, code: "pass", n: 1 },
            wait: "completed",
        });
        await session.up();
    });
});

onlyOn(docker, "the address and the endpoints of a master", function () {
    const inArgs = {
        ...docker,
        configured: (config: Record<string, unknown>) => ({ args: docker.configured(config) }),
    };
    afterEach(destroySessions);

    it("reach other resources only when the master listens", async () => {
        const code = `import time\ntime.sleep(4)\n${serve.code}`;
        const args = { master: { ...serve, code }, workers: { ...ask, n: 1 } };
        const session = await TestSession.create(inArgs, args, path.join(__dirname, "programs/addresses"));
        await session.up();
        const { startedAt } = (await session.engines()).get("master")!;
        const { networks } = await session.stack.outputs();
        for (const name of networks as string[]) {
            const { Created } = (await docker.site.docker.getNetwork(name).inspect()) as { Created: string };
            assert.ok(Date.parse(Created) - startedAt >= 4000, `${Date.parse(Created) - startedAt} ms`);
        }
    });
});

onlyOn(docker, "the growth of a session", function (backend) {
    afterEach(destroySessions);

    it("fails soon, with a remedy, where the master has closed its ports, and leaves the engines as they are", async () => {
        const code = `
import socket, time
with socket.create_server(("0.0.0.0", 6000)) as server:
    connection, _ = server.accept()
    connection.sendall(b"hello")
time.sleep(3600)
`;
        const config = (n: number) => ({ master: { ...serve, code }, workers: { ...ask, n }, timeoutSeconds: 120 });
        const session = await TestSession.create(backend, config(1));
        await session.up();
        const before = await session.ids();
        session.configure(config(2));
        const start = Date.now();
        const run = await session.failToComeUp();
        assert.match(run.output, /session-master runs, but no longer listens on port 6000: .*pulumi up --replace/);
        assert.ok(Date.now() - start < 60_000, `${Date.now() - start} ms`);
        assert.deepEqual(await session.ids(), before);
    });
});
