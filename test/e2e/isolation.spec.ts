import assert from "node:assert/strict";
import * as net from "net";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";

/** Whether something on this machine takes connections there. */
function accepts(host: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = net.connect({ host, port, timeout: 2000 });
        socket.on("connect", () => (socket.destroy(), resolve(true)));
        socket.on("timeout", () => (socket.destroy(), resolve(false)));
        socket.on("error", () => resolve(false));
    });
}

describe("two sessions on a host", function () {
    this.timeout(180_000);
    let one: TestSession;
    let other: TestSession;

    before(async () => {
        const config = { master: serve, workers: { ...idle, n: 1 } };
        [one, other] = [await TestSession.create(config), await TestSession.create(config)];
        await Promise.all([one.up(), other.up()]);
    });
    after(destroySessions);

    /** Tries, from an engine, to reach a port of an address. */
    async function reaches(session: TestSession, engine: string, ip: string): Promise<boolean> {
        const code = `import socket; socket.create_connection(("${ip}", 6000), 3).recv(9)`;
        const { exitCode } = await session.host.exec((await session.engines()).get(engine)!.Id, "python3", "-c", code);
        return exitCode === 0;
    }

    it("use the same port side by side, in subnets of their own", async () => {
        const [a, b] = [await one.stack.outputs(), await other.stack.outputs()];
        assert.notEqual(a.masterIp, b.masterIp);
        assert.equal(await reaches(one, "worker-1", a.masterIp), true);
        assert.equal(await reaches(other, "worker-1", b.masterIp), true);
    });

    it("do not reach each other", async () => {
        const { masterIp } = await other.stack.outputs();
        assert.equal(await reaches(one, "worker-1", masterIp), false);
        assert.equal(await reaches(one, "master", masterIp), false);
    });

    it("publish no port on the host", async () => {
        for (const info of (await one.engines()).values()) {
            assert.deepEqual(info.HostConfig.PortBindings ?? {}, {});
        }
        assert.equal(await accepts("127.0.0.1", 6000), false);
    });

    it("call their engines by name, all ports of each other open", async () => {
        const code = `
import socket, threading
server = socket.create_server(("0.0.0.0", 7777))
threading.Thread(target=lambda: server.accept()[0].sendall(b"x")).start()
`;
        const engines = await one.engines();
        const serving = one.host.exec(engines.get("worker-1")!.Id, "python3", "-c", code);
        const call = `import socket, time; time.sleep(1); print(socket.create_connection(("worker-1", 7777), 5).recv(1))`;
        const { text } = await one.host.exec(engines.get("master")!.Id, "python3", "-c", call);
        assert.match(text, /b'x'/);
        await serving;
    });
});

describe("a published port", function () {
    this.timeout(120_000);
    afterEach(destroySessions);

    it("is reached on 127.0.0.1 of the host, and told in the endpoints", async () => {
        const session = await TestSession.create({
            master: serve,
            workers: { ...ask, n: 1 },
            wait: "completed",
            docker: { publish: [{ port: 6000, hostPort: 16000 }] },
        });
        await session.up();
        assert.equal(await accepts("127.0.0.1", 16000), true);
        const bindings = (await session.engines()).get("master")!.HostConfig.PortBindings;
        assert.deepEqual(bindings["6000/tcp"], [{ HostIp: "127.0.0.1", HostPort: "16000" }]);
        const { endpoints, masterIp } = await session.stack.outputs();
        assert.deepEqual(endpoints, [{ port: 6000, address: `${masterIp}:6000`, published: "127.0.0.1:16000" }]);
    });
});
