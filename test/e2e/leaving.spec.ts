import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, idle, serve } from "./support/session";

onEachBackend("destroy", function (backend) {
    afterEach(destroySessions);

    it("removes the workers before the master, and leaves nothing", async () => {
        const session = await TestSession.create(backend, {
            project: "examples/hello-python",
            master: serve,
            workers: { ...idle, n: 2 },
        });
        await session.up();
        assert.ok((await session.leftovers()).length >= 4);
        const run = await session.stack.destroy();
        assert.equal(run.exitCode, 0, run.output);
        assert.deepEqual(await session.leftovers(), []);
        const masterGoes = run.output.indexOf("session-master deleting");
        for (const name of backend.workerResources(2)) {
            const workerWent = run.output.indexOf(`${name} deleted`);
            assert.ok(workerWent > 0 && workerWent < masterGoes, run.output);
        }
    });

    it("leaves nothing of a session that did not come up", async () => {
        const session = await TestSession.create(backend, {
            project: "examples/hello-python",
            master: { ...serve, code: "raise SystemExit(1)" },
            workers: { ...idle, n: 2 },
        });
        await session.failToComeUp();
        assert.ok((await session.leftovers()).length >= 2);
        await session.stack.destroy();
        assert.deepEqual(await session.leftovers(), []);
    });

    it("leaves nothing of an up that was interrupted", async () => {
        const session = await TestSession.create(backend, {
            project: "examples/hello-python",
            master: { ...idle, ports: [6000] },
            workers: { ...idle, n: 1 },
        });
        const running = session.stack.up();
        while (!(await session.engines()).get("master")?.isRunning) {
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
        session.stack.interrupt();
        const run = await running;
        assert.notEqual(run.exitCode, 0, run.output);
        assert.match(run.output, /cancel|interrupt/i);
        const destroyed = await session.stack.destroy();
        assert.equal(destroyed.exitCode, 0, destroyed.output);
        assert.deepEqual(await session.leftovers(), []);
    });

    /** A program that needs so many seconds to end. */
    const slowToEnd = (seconds: number) => `
import signal, sys, time, urllib.request
def stop(*_):
    open("/dev/shm/stopped", "w").close()
    time.sleep(${seconds})
    print("bye", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(3600)
`;

    /** What a worker with this code prints until it is gone. */
    async function lastWords(workers: Record<string, unknown>): Promise<string> {
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...idle, command: undefined, n: 1, ...workers },
        });
        await session.up();
        const printed = await backend.site.listen((await session.engines()).get("worker-1")!);
        await session.stack.destroy();
        assert.deepEqual(await session.leftovers(), []);
        return printed();
    }

    it("lets programs end by themselves: they get SIGTERM first", async () => {
        assert.match(await lastWords({ code: slowToEnd(1) }), /bye/);
    });

    it("gives a program as long to end as stopSeconds says, and no longer", async () => {
        assert.match(await lastWords({ code: slowToEnd(7), stopSeconds: 15 }), /bye/);
        assert.doesNotMatch(await lastWords({ code: slowToEnd(7), stopSeconds: 2 }), /bye/);
    });
});
