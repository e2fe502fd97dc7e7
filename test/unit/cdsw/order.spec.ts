import assert from "node:assert/strict";
import { listeningPorts } from "../../../components/docker/runtime/inside/listening";
import { removeFolders } from "../../helpers/folders";
import { PoolSession, freePort, pause, sideBySide } from "./session";

describe("the order of a session with a pool", function () {
    this.timeout(90_000);
    const sessions: PoolSession[] = [];

    after(async () => {
        await Promise.all(sessions.map((session) => session.close()));
        removeFolders();
    });

    async function sessionWith(files: Record<string, string> = {}): Promise<PoolSession> {
        const session = await PoolSession.of(files);
        sessions.push(session);
        return session;
    }

    it("starts workers once all ports of the master listen for other engines, not those of its loopback alone", async () => {
        const [first, second] = [await freePort(), await freePort()];
        const session = await sessionWith({
            "master.py": `
import cdsw, socket, sys, time
def status():
    time.sleep(0.3)
    return cdsw.list_workers()[0]["status"]
workers = cdsw.launch_workers(1, 0.2, 0.5, code="!true")
one = socket.create_server(("0.0.0.0", ${first}))
seen = [status()]
two = socket.create_server(("127.0.0.1", ${second}))
seen.append(status())
two.close()
two = socket.create_server(("::", ${second}), family=socket.AF_INET6)
seen.append(cdsw.await_workers(workers, timeout_seconds=5)["workers"][0]["status"])
one.close()
two.close()
seen.append(cdsw.await_workers(cdsw.launch_workers(1, 0.2, 0.5, code="!true"), timeout_seconds=5)["workers"][0]["status"])
print(seen)`,
        });
        session.agent(1);
        const launcher = session.launch(["python3", "master.py"], ["--port", String(first), "--port", String(second)]);
        assert.equal(await launcher.ended, 0, launcher.text);
        assert.equal(String(launcher.output), "['scheduling', 'scheduling', 'succeeded', 'succeeded']\n");
    });

    it("finds the ports that the component finds", async () => {
        const text = [
            "  sl  local_address rem_address   st tx_queue",
            "   0: 00000000:1770 00000000:0000 0A 00000000",
            "   1: 0100007F:1771 00000000:0000 0A 00000000",
            "   2: 0200000A:1772 00000000:0000 01 00000000",
            "   3: 00000000000000000000000000000000:1773 00000000000000000000000000000000:0000 0A",
            "   4: 00000000000000000000000001000000:1774 00000000000000000000000000000000:0000 0A",
            "   5: 0000000000000000FFFF00000100007F:1775 00000000000000000000000000000000:0000 0A",
        ].join("\n");
        const session = await sessionWith();
        const ports = await session.python(`
            from cdsw.ports import ports_in
            result = sorted(ports_in(${JSON.stringify(text)}))`);
        assert.deepEqual(ports, [6000, 6003]);
        assert.deepEqual([...listeningPorts(text)].sort(), ports);
    });

    it("lets a launch wait for the first engine, and judges what it asks for then", async () => {
        const session = await sessionWith();
        session.launch(["cat"]);
        await session.listens();
        const launched = session.python(`cdsw.launch_workers(1, 0.3, 0.5, code="!true")`);
        await pause(300);
        session.agent(1);
        await assert.rejects(launched, /asks for cpu=0\.3, but an engine of the pool has 0\.2 cores/);
    });

    it("refuses at once what no pool can run, before an engine has joined", async () => {
        const session = await sessionWith();
        session.launch(["cat"]);
        await session.listens();
        const [text, seconds] = await session.python(`
            start = time.time()
            try:
                cdsw.launch_workers(0, 0.2, 0.5, code="!true")
            except Exception as error:
                result = [str(error), time.time() - start]`);
        assert.match(text, /n is 0; allowed are 1 to/);
        assert.ok(seconds < 5, `after ${seconds} s`);
    });

    it("starts what it can of a launch that is larger than the pool, 5 s after the last engine joined", async () => {
        const session = await sessionWith();
        session.launch(["cat"]);
        await session.listens();
        session.agent(1);
        const [ranks, seconds] = await session.python(`
            start = time.time()
            workers = cdsw.launch_workers(3, 0.2, 0.5, code="!true")
            seconds = time.time() - start
            result = [[worker["rank"] for worker in cdsw.await_workers(workers)["workers"]], seconds]`);
        assert.deepEqual(ranks, [1, 1, 1]);
        assert.ok(seconds > 3 && seconds < 9.5, `after ${seconds} s`);
    });

    it("gives each worker an engine of its own where the engines join one after the other", async () => {
        const session = await sessionWith();
        session.launch(["cat"]);
        await session.listens();
        session.agent(1);
        const ranks = session.python(`
            workers = cdsw.launch_workers(2, 0.2, 0.5, code="!true")
            result = sorted(worker["rank"] for worker in cdsw.await_workers(workers)["workers"])`);
        await pause(1000);
        session.agent(2);
        assert.deepEqual(await ranks, [1, 2]);
    });

    sideBySide([
        [
            "accepts a launch after 10 s without an engine, tells that it waits, and fails it once the engines are too small",
            async () => {
                const session = await sessionWith();
                session.launch(["cat"]);
                await session.listens();
                const [[large, small], seconds] = await session.python(`
            start = time.time()
            from concurrent.futures import ThreadPoolExecutor
            with ThreadPoolExecutor() as threads:
                launched = threads.map(lambda cpu: cdsw.launch_workers(1, cpu, 0.5, code="!true")[0]["id"], [0.3, 0.1])
            result = [list(launched), time.time() - start]`);
                assert.ok(seconds > 9.5 && seconds < 15);
                await session.launcher.prints(
                    /^cdsw: workers wait for a free engine: the pool has 0 \(workers\.n in the declaration\)$/m,
                );
                session.agent(1);
                const { workers, failures } = await session.python(
                    `result = cdsw.await_workers(${JSON.stringify([large, small])})`,
                );
                assert.deepEqual([workers[0].id, failures[0].id], [small, large]);
                assert.match(failures[0].message, /asks for cpu=0\.3, but an engine of the pool has 0\.2 cores/);
            },
        ],

        [
            "tells once, after 5 s, why workers wait",
            async () => {
                const port = await freePort();
                const [busy, closed] = [await sessionWith(), await sessionWith()];
                busy.launch(["cat"]);
                closed.launch(["cat"], ["--port", String(port)]);
                await Promise.all([busy.listens(), closed.listens()]);
                for (const session of [busy, closed]) {
                    session.agent(1);
                    await session.python(`cdsw.launch_workers(3, 0.2, 0.5, code="!echo runs; sleep 60")`);
                }
                await Promise.all([busy, closed].map((session) => session.launcher.prints(/workers wait/)));
                // A second time would follow soon, also when the pool has grown.
                busy.agent(2);
                await busy.agents[1]!.prints(/runs/);
                await pause(500);
                assert.equal(
                    busy.launcher.text,
                    "cdsw: workers wait for a free engine: the pool has 1 (workers.n in the declaration)\n",
                );
                assert.equal(
                    closed.launcher.text,
                    `cdsw: workers wait until the master listens on port ${port} (master.ports in the declaration)\n`,
                );
            },
        ],
    ]);
});

describe("a pool of 200 engines", function () {
    this.timeout(120_000);

    after(removeFolders);

    it("runs a worker in each", async () => {
        const session = await PoolSession.of();
        session.launch(["cat"]);
        await session.listens();
        const agents = session.start([
            "python3",
            "-c",
            `
import os, sys
from cdsw import agent
pids = []
for rank in range(1, 201):
    pid = os.fork()
    if pid == 0:
        os.environ["RANK"] = str(rank)
        sys.argv = ["cdsw-agent"]
        os._exit(agent.main())
    pids.append(pid)
print(sorted({os.waitpid(pid, 0)[1] for pid in pids}))`,
        ]);
        const ranks = await session.python(`
            workers = cdsw.launch_workers(200, 0.2, 0.5, code="!sleep 600")
            found = cdsw.await_workers(workers, wait_for_completion=False)
            cdsw.stop_workers()
            cdsw.await_workers(workers)
            result = sorted(worker["rank"] for worker in found["workers"])`);
        assert.deepEqual(
            ranks,
            Array.from({ length: 200 }, (_, index) => index + 1),
        );
        session.launcher.child.stdin!.end();
        assert.equal(await session.launcher.ended, 0);
        assert.equal(await agents.ended, 0);
        assert.equal(String(agents.output).trimEnd().split("\n").at(-1), "[0]");
        await session.close();
    });
});
