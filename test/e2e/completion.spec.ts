import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onBothBackends, onEachBackend, onlyOn } from "./support/columns";
import { mostMemory } from "./support/memory";
import { TestSession, destroySessions, idle, serve, small } from "./support/session";
import { isLarge } from "./support/size";
import { Run } from "./support/stack";

onEachBackend("a session that waits for its workers to complete", function (backend, itOnce) {
    let session: TestSession;
    let run: Run;

    before(async () => {
        const code = `import time\nprint("\\033[31mfirst line\\033[0m\\nsecond line")\ntime.sleep(4)\nprint("last line")`;
        session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, n: 1, code },
            wait: "completed",
        });
        run = await session.up();
    });
    after(destroySessions);

    it("shows each line that the engines print once, without colours, while they run", () => {
        const when = (text: string) => run.chunks.find((chunk) => chunk.text.includes(text))!.at;
        assert.ok(when("last line") - when("first line") > 2000, run.output);
        const [console] = run.output.split(/^Outputs:$/m);
        for (const line of ["first line", "second line", "last line"]) {
            assert.deepEqual(console!.match(new RegExp(`.{8}${line}`, "g"))?.length, 1, run.output);
        }
        assert.match(console!, /session-worker\S* .* first line\n/);
    });

    itOnce(
        "needs no --parallel slot while they run: twelve workers that wait for each other end under --parallel 2",
        async () => {
            const barrier = `
import socket
with socket.create_server(("0.0.0.0", 6000), backlog=12) as server:
    connections = [server.accept()[0] for _ in range(12)]
    for connection in connections:
        connection.sendall(b"all here")
`;
            const meet = `
import os, socket
with socket.create_connection((os.environ["CML_MASTER_IP"], 6000)) as connection:
    print(connection.recv(100).decode())
`;
            const large = await TestSession.create(backend, {
                master: { ...serve, code: barrier },
                workers: { ...small, n: 12, code: meet },
                wait: "completed",
            });
            await large.up("--parallel", "2");
            const { workers } = await large.stack.outputs();
            assert.deepEqual(
                workers.map(({ logs }: any) => logs),
                Array(12).fill("all here\n"),
            );
        },
    );

    it("does not wait for a master that serves on", async () => {
        const { master, workers } = await session.stack.outputs();
        assert.equal(master.status, "running");
        assert.equal(master.exitCode, undefined);
        assert.equal(workers[0].status, "succeeded");
    });
});

onBothBackends("a session with much output", function (backend) {
    afterEach(destroySessions);

    it("does not drown in a worker that prints a hundred thousand lines", async () => {
        const code = `for i in range(100_000): print("line", i)`;
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, n: 1, code },
            wait: "completed",
        });
        const run = await session.up();
        assert.match(run.output, /line 99999/);
        assert.match(run.output, /\(\d+ lines are not shown\)/);
        assert.ok(run.output.length < 2_000_000);
        const { workers } = await session.stack.outputs();
        assert.ok(workers[0].logs.length <= 16 * 1024);
        assert.match(workers[0].logs, /^line \d+\n[^]*line 99999\n$/);
    });
});

onlyOn(docker, "a session with many workers that print all the time", () => {
    afterEach(destroySessions);

    it("takes its program no more than 350 MiB of memory", async () => {
        const code = `import time\nend = time.time() + 15\nwhile time.time() < end: print("x" * 200)`;
        const session = await TestSession.create(docker, {
            master: serve,
            workers: { ...small, n: isLarge ? 40 : 12, code },
            wait: "completed",
        });
        const running = session.up();
        let most = 0;
        const watching = setInterval(() => (most = Math.max(most, mostMemory(session.stack.name))), 200);
        const run = await running.finally(() => clearInterval(watching));
        assert.match(run.output, /\(\d+ lines are not shown\)/);
        assert.ok(most > 50 && most <= 350, `${most} MiB`);
    });
});

onBothBackends("a session that waits for nothing", function (backend) {
    afterEach(destroySessions);

    it("ends up when the workers are created, whether they run already or not", async () => {
        const session = await TestSession.create(backend, { master: serve, workers: { ...idle, n: 2 }, wait: "none" });
        await session.up();
        const { workers } = await session.stack.outputs();
        for (const { status } of workers) {
            assert.match(status, /^(declared|running)$/);
        }
        assert.equal((await session.engines()).size, 3);
    });
});
