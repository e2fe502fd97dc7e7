import assert from "node:assert/strict";
import { oneJob } from "./support/backends";
import { onBothBackends, onEachBackend } from "./support/columns";
import { eventually } from "./support/eventually";
import { TestSession, destroySessions, serve, small } from "./support/session";

/** A master that turns so many callers away before it helps any. */
function refusing(callers: number) {
    const code = `
import socket
with socket.create_server(("0.0.0.0", 6000)) as server:
    count = 0
    while count < 1_000_000:
        connection, address = server.accept()
        with connection:
            asked = connection.recv(100)
            if asked != b"help":
                print("a stranger at", address, asked, flush=True)
                continue
            connection.sendall(b"no" if count < ${callers} else b"yes")
            count += 1
`;
    return { ...serve, code };
}

/** A worker that does well only when the master helps; all others in their turn, so that it is known who is turned away. */
const needy = {
    ...small,
    code: `
import os, socket, sys, time
time.sleep(int(os.environ["RANK"]) * 2 - 1)
with socket.create_connection((os.environ["CML_MASTER_IP"], 6000)) as connection:
    connection.sendall(b"help")
    answer = connection.recv(10).decode()
print("the master said", answer)
sys.exit(0 if answer == "yes" else 3)
`,
};

onEachBackend("the up after one in which a worker failed", function (backend) {
    afterEach(destroySessions);

    it("runs that worker again and no other, or says how to rerun all where they are one Job", async () => {
        const session = await TestSession.create(backend, {
            master: refusing(1),
            workers: { ...needy, n: 3 },
            wait: "completed",
        });
        const failed = await session.failToComeUp();
        assert.match(failed.output, /1 of 3 workers failed/);
        const before = await session.ids();
        if (backend === oneJob) {
            const [, flag] = /To run all workers again: pulumi up (--replace) '[^']+'/.exec(failed.output)!;
            const [, urn] = /--replace '([^']+)'/.exec(failed.output)!;
            assert.match((await session.failToComeUp()).output, /1 of 3 workers failed/);
            await session.up(flag!, urn!);
        } else {
            assert.match(failed.output, /The next pulumi up runs it again, and no other worker/);
            assert.match((await session.stack.preview()).output, /^ *\+-1 to replace$/m);
            await session.up();
        }
        const after = await session.ids();
        const renewed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
        assert.deepEqual(renewed.sort(), backend === oneJob ? ["worker-1", "worker-2", "worker-3"] : ["worker-1"]);
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ status }: any) => status),
            ["succeeded", "succeeded", "succeeded"],
        );
        await session.assertAtRest();
    });

    if (backend !== oneJob) {
        it("fails where the master has ended, and names the command that runs all engines again", async () => {
            const once = refusing(1).code.replace("1_000_000", "2");
            const session = await TestSession.create(backend, {
                master: { ...serve, code: once },
                workers: { ...needy, n: 2 },
                wait: "completed",
            });
            await session.failToComeUp();
            const again = await session.failToComeUp();
            assert.doesNotMatch(again.output, /running it again/);
            assert.match(again.output, /The master has ended, and no worker can run without it\./);
            const [, urn] = /To run all engines again: pulumi up --replace '([^']+)'/.exec(again.output)!;
            session.configure({ master: serve, workers: { ...needy, n: 2, code: "pass" }, wait: "completed" });
            await session.up("--replace", urn!);
            await session.assertAtRest();
        });
    }
});

onEachBackend("a worker that may be started again", function (backend) {
    afterEach(destroySessions);

    it("is, as often as it is allowed to, and then counts by its last end", async () => {
        const session = await TestSession.create(backend, {
            master: refusing(2),
            workers: { ...needy, n: 1, restart: { attempts: 2 } },
            wait: "completed",
        });
        const run = await session.up();
        for (const count of ["1 of 2", "2 of 2"]) {
            const text = `session-worker-1 ended with exit code 3, and is started again (${count})`;
            assert.ok(run.output.includes(text), run.output);
        }
        const { workers } = await session.stack.outputs();
        assert.equal(workers[0].status, "succeeded");
        assert.match(workers[0].logs, /the master said yes\n$/);
        await session.assertAtRest();
    });

    it("fails when it has failed once more than that", async () => {
        const session = await TestSession.create(backend, {
            master: refusing(1000),
            workers: { ...needy, n: 1, restart: { attempts: 1 } },
            wait: "completed",
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /is started again \(1 of 1\)/);
        assert.match(
            run.output,
            /session-worker-1 ended with exit code 3 after 1 restart\. Its last lines:\n *\| the master said no/,
        );
    });
});

onBothBackends("a worker that is not to end", function (backend) {
    afterEach(destroySessions);

    const worker = (script: string) => ({ ...small, n: 1, restart: { always: true }, command: ["sh", "-c", script] });

    it("is started again where it ends with 0, and up fails where it ends while up looks", async () => {
        const asked = "rm -f /tmp/end; mkfifo /tmp/end; read word < /tmp/end";
        const session = await TestSession.create(backend, { master: serve, workers: worker(asked) });
        await session.up();
        const before = (await session.engines()).get("worker-1")!;
        await session.shell("worker-1", "echo word > /tmp/end");
        const after = await eventually("the next run", 30_000, async () => {
            const engine = (await session.engines()).get("worker-1")!;
            return engine.isRunning && engine.startedAt > before.startedAt ? engine : undefined;
        });
        assert.equal(after.id, before.id);
        await session.assertAtRest();
        session.configure({ master: serve, workers: worker("true") });
        const text = /session-worker-1 ended with exit code 0, though it is not to end \(workers\.restart\.always\)/;
        assert.match((await session.failToComeUp()).output, text);
    });
});
