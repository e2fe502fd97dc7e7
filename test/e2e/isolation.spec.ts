import assert from "node:assert/strict";
import * as net from "net";
import * as path from "path";
import { docker, kubernetes } from "./support/backends";
import { onBothBackends, onlyOn } from "./support/columns";
import { whyNoDns, whyNoPolicies } from "./support/clusterNetwork";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";
import { skip } from "./support/skipping";

/** Whether something on this machine takes connections there. */
function accepts(host: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = net.connect({ host, port, timeout: 2000 });
        socket.on("connect", () => (socket.destroy(), resolve(true)));
        socket.on("timeout", () => (socket.destroy(), resolve(false)));
        socket.on("error", () => resolve(false));
    });
}

onBothBackends("two sessions of one name", function (backend) {
    afterEach(destroySessions);

    it("of two states come up at the same moment, and neither touches what the other has", async () => {
        const config = { master: serve, workers: { ...idle, n: 1 }, ...(backend === docker ? { shared: {} } : {}) };
        const one = await TestSession.create(backend, config);
        const other = await TestSession.create(backend, config, undefined, one.stack.name);
        await Promise.all([one.up(), other.up()]);
        const before = [await one.stack.outputs(), await other.stack.outputs()];
        assert.notEqual(before[0].masterIp, before[1].masterIp);
        for (const session of [one, other]) {
            await session.assertAtRest();
        }
        assert.deepEqual([await one.stack.outputs(), await other.stack.outputs()], before);
        assert.equal((await one.stack.destroy()).exitCode, 0);
        await other.assertAtRest();
        assert.deepEqual(await other.stack.outputs(), before[1]);
    });
});

onlyOn(docker, "two sessions of one name in two components", function (backend) {
    afterEach(destroySessions);

    it("of one program come up, and stay as they are", async () => {
        const session = await TestSession.create(
            backend,
            { args: { master: serve, workers: { ...idle, n: 1 } } },
            path.join(__dirname, "programs/namesakes"),
        );
        await session.up();
        const { ips } = await session.stack.outputs();
        assert.equal(new Set(ips).size, 2);
        await session.assertAtRest();
        assert.deepEqual((await session.stack.outputs()).ips, ips);
    });
});

onBothBackends("two sessions side by side", function (backend) {
    let one: TestSession;
    let other: TestSession;

    before(async () => {
        const config = { project: "examples/hello-python", master: serve, workers: { ...idle, n: 1 } };
        [one, other] = [await TestSession.create(backend, config), await TestSession.create(backend, config)];
        await Promise.all([one.up(), other.up()]);
    });
    after(destroySessions);

    /** Tries, from an engine, to reach the master's port at an address. */
    async function reaches(session: TestSession, engine: string, host: string): Promise<boolean> {
        const code = `import socket; socket.create_connection(("${host}", 6000), 3).recv(9)`;
        return (await session.exec(engine, "python3", "-c", code)).exitCode === 0;
    }

    /** Asks the master to call the worker on a port that nobody declared. */
    async function masterCalls(host: string): Promise<string> {
        const code = `
import socket
socket.create_server(("0.0.0.0", 7777)).accept()[0].sendall(b"x")
`;
        const serving = one.exec("worker-1", "python3", "-c", code);
        const call = `import socket, time; time.sleep(1); print(socket.create_connection(("${host}", 7777), 5).recv(1))`;
        const { text } = await one.exec("master", "python3", "-c", call);
        // Where the name was not found, the worker still listens.
        await one.exec("worker-1", "python3", "-c", `import socket; socket.create_connection(("127.0.0.1", 7777))`);
        await serving;
        return text;
    }

    it("use the same port, at addresses of their own", async () => {
        const [a, b] = [await one.stack.outputs(), await other.stack.outputs()];
        assert.notEqual(a.masterIp, b.masterIp);
        assert.equal(await reaches(one, "worker-1", a.masterIp), true);
        assert.equal(await reaches(other, "worker-1", b.masterIp), true);
    });

    it("do not reach each other", async function () {
        const reason = backend === docker ? undefined : await whyNoPolicies(kubernetes.site);
        if (reason !== undefined) {
            return skip(this, reason);
        }
        const { masterIp } = await other.stack.outputs();
        assert.equal(await reaches(one, "worker-1", masterIp), false);
        assert.equal(await reaches(one, "master", masterIp), false);
    });

    it("publish no port on their machine", async () => {
        for (const { hostPorts } of (await one.engines()).values()) {
            assert.deepEqual(hostPorts, []);
        }
        assert.equal(await accepts("127.0.0.1", 6000), false);
    });

    it("have all ports of each engine open to the others", async () => {
        assert.match(await masterCalls((await one.engines()).get("worker-1")!.ip), /b'x'/);
    });

    it("let workers call the master by its name", async () => {
        assert.equal(await reaches(one, "worker-1", "master"), true);
    });

    it("let the master call workers by their names", async function () {
        const reason = backend === docker ? undefined : await whyNoDns(kubernetes.site);
        if (reason !== undefined) {
            return skip(this, reason);
        }
        assert.match(await masterCalls("worker-1"), /b'x'/);
    });

    it("are left alone when another one is destroyed", async () => {
        const before = await one.ids();
        const destroyed = await other.stack.destroy();
        assert.equal(destroyed.exitCode, 0, destroyed.output);
        assert.deepEqual(await other.leftovers(), []);
        assert.deepEqual(await one.ids(), before);
        assert.equal(await reaches(one, "worker-1", (await one.stack.outputs()).masterIp), true);
        const again = await one.up();
        assert.match(again.output, /Resources:\n {4}\d+ unchanged\n/);
    });
});

onlyOn(docker, "a published port", function (backend) {
    const config = { master: serve, workers: { ...ask, n: 1 }, wait: "completed" };
    const published = { port: 6000, hostPort: 16000 };
    let session: TestSession<typeof backend.site>;

    before(async () => {
        session = await TestSession.create(backend, { ...config, publish: [published] });
        await session.up();
    });
    after(destroySessions);

    it("is reached on 127.0.0.1 of the host, and is one of the endpoints", async () => {
        assert.equal(await accepts("127.0.0.1", 16000), true);
        const bindings = (await session.engines()).get("master")!.info.HostConfig.PortBindings;
        assert.deepEqual(bindings["6000/tcp"], [{ HostIp: "127.0.0.1", HostPort: "16000" }]);
        const { endpoints, masterIp } = await session.stack.outputs();
        assert.deepEqual(endpoints, [{ port: 6000, address: `${masterIp}:6000`, published: "127.0.0.1:16000" }]);
    });

    it("that another program has is an error before a session that exists is changed", async () => {
        const server = net.createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        try {
            const before = await session.ids();
            const { port: hostPort } = server.address() as net.AddressInfo;
            session.configure({ ...config, publish: [published, { port: 4040, hostPort }] });
            const { output } = await session.failToComeUp();
            assert.match(output, /publish\[1\]\.hostPort: \d+ at 127\.0\.0\.1 is taken by another program/);
            assert.deepEqual(await session.ids(), before);
        } finally {
            server.close();
        }
    });
});

onlyOn(docker, "a session whose egress is closed afterwards", function (backend) {
    const server = net.createServer((socket) => socket.on("error", () => undefined).end("x"));
    before(() => new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve)));
    after(() => server.close());
    afterEach(destroySessions);

    it("is recreated, and then reaches its own engines and nothing of its host", async () => {
        const config = { master: serve, workers: { ...idle, n: 1 } };
        const session = await TestSession.create(backend, config);
        await session.up();
        const { port } = server.address() as net.AddressInfo;
        const reaches = async (host: string, at: number) => {
            const code = `import socket; socket.create_connection(("${host}", ${at}), 3).recv(9)`;
            return (await session.exec("worker-1", "python3", "-c", code)).exitCode === 0;
        };
        const { masterIp } = await session.stack.outputs();
        const gateway = masterIp.replace(/\d+$/, "1");
        assert.equal(await reaches(gateway, port), true);

        const before = await session.ids();
        session.configure({ ...config, egress: "closed" });
        const preview = await session.stack.previewNothing();
        assert.match(preview.output, /\+-3 to replace/, preview.output);
        await session.up();
        const after = await session.ids();
        before.forEach((id, name) => assert.notEqual(after.get(name), id, name));
        assert.equal(await reaches((await session.stack.outputs()).masterIp, 6000), true);
        assert.equal(await reaches("master", 6000), true);
        assert.equal(await reaches(gateway, port), false);
        assert.equal(await reaches("172.17.0.1", port), false);
        const rest = await session.stack.previewNothing("--refresh");
        assert.equal(rest.exitCode, 0, rest.output);
    });
});
