import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { eventually } from "./support/eventually";
import { employs, killProcesses, pool, processesOf } from "./support/pool";
import { TestSession, destroySessions, small } from "./support/session";

/** A master that launches work without end, and waits for ever. */
const waits = employs(`
cdsw.launch_workers(n=2, cpu=0.5, memory=0.125, code="!echo begun; exec sleep 3600")
time.sleep(3600)
`);

onEachBackend("a master that employs a pool", function (backend, itOnce) {
    afterEach(destroySessions);

    itOnce("and ends before its engines can join lets the session complete", async () => {
        const session = await TestSession.create(backend, {
            master: { ...small, code: "print('over')" },
            workers: pool(1),
            wait: "completed",
        });
        await session.up();
        const { master, workers } = await session.stack.outputs();
        assert.deepEqual([master.status, workers[0].status], ["succeeded", "succeeded"]);
        assert.deepEqual([master.logs, workers[0].logs], ["over\n", ""]);
        await session.assertAtRest();
    });

    itOnce("and is killed ends the work and the engines of a session that completes", async () => {
        const session = await TestSession.create(backend, { master: waits, workers: pool(2), wait: "completed" });
        const running = session.stack.up();
        await eventually("the work", 60_000, async () => {
            const engines = await session.engines();
            return engines.size === 3 && (await busy(session, "worker-1")) && (await busy(session, "worker-2"));
        });
        await killProcesses(session, "master", "/usr/bin/python3 /usr/local/bin/cdsw-launcher");
        const { exitCode, output } = await running;
        assert.notEqual(exitCode, 0);
        assert.match(output, /The master session-master ended with exit code 137/);
        await eventually("the end of the engines", 20_000, async () =>
            [...(await session.engines()).values()].every(({ isRunning }) => !isRunning),
        );
    });

    itOnce("and is started again in a session of services finds its engines idle, and employs them again", async () => {
        const session = await TestSession.create(backend, { master: waits, workers: pool(2) });
        await session.up();
        await eventually("the work", 30_000, () => busy(session, "worker-1"));
        const before = await session.ids();
        await killProcesses(session, "master", "python3 -u -c");
        const count = async () => (await begun(session)).length;
        await eventually("the work's second beginning", 60_000, async () => (await count()) >= 2);
        assert.deepEqual(await session.ids(), before);
        await session.untilReady();
        await session.assertAtRest();
    });

    itOnce("goes on when up is interrupted, and the next up sees its end", async () => {
        const session = await TestSession.create(backend, {
            master: employs(`
workers = cdsw.launch_workers(n=1, cpu=0.5, memory=0.125, code="!sleep 15; echo done")
print(cdsw.await_workers(workers)["failures"])
`),
            workers: pool(1),
            wait: "completed",
        });
        const running = session.stack.up();
        await eventually(
            "the work of an engine that Pulumi knows",
            60_000,
            async () => (await busy(session, "worker-1")) && !session.stack.isChanging(),
        );
        session.stack.interrupt();
        assert.notEqual((await running).exitCode, 0);
        await session.up();
        const { master, workers } = await session.stack.outputs();
        assert.deepEqual([master.logs, workers[0].logs], ["[]\n", "done\n"]);
    });

    /** Whether an engine runs a piece of work. */
    async function busy(session: TestSession, name: string): Promise<boolean> {
        const engine = (await session.engines()).get(name);
        return engine?.isRunning === true && (await processesOf(session, name, "sleep ")).length > 0;
    }

    /** What the first worker printed since it began. */
    async function begun(session: TestSession): Promise<string[]> {
        const listened = await backend.site.listen((await session.engines()).get("worker-1")!);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return listened().match(/begun/g) ?? [];
    }
});
