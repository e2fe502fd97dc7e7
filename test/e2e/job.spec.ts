import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions } from "./support/session";

const small = { cpu: 0.2, memory: 0.25 };

/** Serves until it is ended: the first worker by the signal, the second with an end of its own. */
const serve = `
import os, signal, socket, sys, time
if os.environ["RANK"] == "2":
    signal.signal(signal.SIGTERM, lambda *_: (print("all saved", flush=True), sys.exit(0)))
connection = socket.create_connection((os.environ["MASTER_ADDR"], 6000))
time.sleep(1000)`;

/** Ends when so many workers have joined it. */
const job = (workers: number, exitCode: number) => ({
    ...small,
    ports: [6000],
    code: `
import socket, sys
server = socket.create_server(("", 6000))
connections = [server.accept() for _ in range(${workers})]
print("finished")
sys.exit(${exitCode})`,
});

onEachBackend("a master that is a job", function (backend, itOnce) {
    afterEach(destroySessions);

    it("ends up when it has ended, ends its workers, which count as stopped, and leaves nothing to do", async () => {
        const session = await TestSession.create(backend, {
            master: job(2, 0),
            workers: { ...small, n: 2, code: serve },
            wait: "master",
        });
        const { output } = await session.up();
        assert.match(output, /finished/);
        assert.match(output, /all saved/);
        const { master, workers } = await session.stack.outputs();
        assert.deepEqual([master.status, master.exitCode], ["succeeded", 0]);
        assert.deepEqual([workers[0].status, workers[0].exitCode], ["stopped", 143]);
        assert.match(workers[1].status, /^(stopped|succeeded)$/);
        assert.equal(workers[1].logs, "all saved\n");
        assert.ok([...(await session.engines()).values()].every(({ isRunning }) => !isRunning));
        await session.assertAtRest();
    });

    itOnce("fails up with its exit code, ends its workers too, and blames none of them", async () => {
        const session = await TestSession.create(backend, {
            master: job(1, 3),
            workers: { ...small, n: 1, code: serve },
            wait: "master",
            maxSeconds: 3600,
        });
        const { output } = await session.failToComeUp();
        assert.match(output, /The master session-master ended with exit code 3/);
        assert.doesNotMatch(output, /workers failed/);
        const engines = [...(await session.engines()).values()];
        assert.deepEqual(
            engines.map(({ isRunning }) => isRunning),
            [false, false],
        );
    });
});
