import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, idle, serve } from "./support/session";

onEachBackend("destroy", function (backend, itOnce) {
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

    itOnce("leaves nothing of a session that did not come up", async () => {
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

    itOnce("leaves nothing of an up that was interrupted", async () => {
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

    /** What a master and a worker with these programs print until they are gone. */
    async function lastWords(master: object, worker: object): Promise<string[]> {
        const [idleMaster, idleWorker] = [
            { ...idle, command: undefined },
            { ...idle, command: undefined, n: 1 },
        ];
        const session = await TestSession.create(backend, {
            master: { ...idleMaster, ...master },
            workers: { ...idleWorker, ...worker },
        });
        await session.up();
        const engines = await session.engines();
        const listen = (name: string) => backend.site.listen(engines.get(name)!);
        const printed = [await listen("master"), await listen("worker-1")];
        await session.stack.destroy();
        assert.deepEqual(await session.leftovers(), []);
        return printed.map((text) => text());
    }

    it("lets programs end by themselves: they get SIGTERM first", async () => {
        const [master, worker] = await lastWords({ code: slowToEnd(1) }, { code: slowToEnd(1) });
        assert.match(master!, /bye/);
        assert.match(worker!, /bye/);
    });

    itOnce("gives a program as long to end as stopSeconds says, and no longer", async () => {
        const code = slowToEnd(7);
        const [master, worker] = await lastWords({ code, stopSeconds: 15 }, { code, stopSeconds: 2 });
        assert.match(master!, /bye/);
        assert.doesNotMatch(worker!, /bye/);
    });
});
