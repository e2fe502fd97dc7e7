import assert from "node:assert/strict";
import * as path from "path";
import { TestBackend, docker } from "./support/backends";
import { onBothBackends, onEachBackend, onlyOn } from "./support/columns";
import { TestSession, ask, destroySessions, idle, serve, small } from "./support/session";

onEachBackend("a master that fails", function (backend, itOnce) {
    afterEach(destroySessions);

    itOnce("fails up also when it ends well before it listened", async () => {
        const session = await TestSession.create(backend, {
            master: { ...serve, code: `print("done")` },
            workers: { ...ask, n: 1 },
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /session-master ended with exit code 0 before it listened on port 6000/);
    });

    itOnce("leaves a stack that the corrected program repairs", async () => {
        const session = await TestSession.create(backend, {
            master: { ...serve, code: "raise SystemExit(1)" },
            workers: { ...ask, n: 1 },
            wait: "completed",
        });
        await session.failToComeUp();
        const again = await session.failToComeUp();
        assert.match(again.output, /session-master ended with exit code 1/);
        session.stack.configure({ master: serve, workers: { ...ask, n: 1 }, wait: "completed" });
        await session.up();
    });
});

onEachBackend("a worker that fails", function (backend, itOnce) {
    afterEach(destroySessions);

    const failing = {
        ...small,
        n: 3,
        code: `import os, sys\nprint("I am", os.environ["RANK"])\nsys.exit(3 if os.environ["RANK"] == "2" else 0)`,
    };

    it("makes up fail, and is named with its exit code and last lines", async () => {
        const session = await TestSession.create(backend, { master: serve, workers: failing, wait: "completed" });
        const run = await session.failToComeUp();
        assert.match(run.output, /1 of 3 workers failed/);
        assert.match(run.output, /session-worker-2 ended with exit code 3\. Its last lines:\n *\| I am 2/);
        assert.doesNotMatch(run.output, /session-worker-1 ended/);
    });

    it("is only reported where that is asked for, and the next up leaves it alone", async () => {
        const session = await TestSession.create(backend, {
            master: serve,
            workers: failing,
            wait: "completed",
            onWorkerFailure: "report",
        });
        const run = await session.up();
        assert.match(run.output, /warning: 1 of 3 workers failed/);
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ status, exitCode }: any) => [status, exitCode]),
            [
                ["succeeded", 0],
                ["failed", 3],
                ["succeeded", 0],
            ],
        );
        const before = await session.ids();
        await session.assertAtRest();
        assert.deepEqual(await session.ids(), before);
    });

    itOnce("is named as killed for memory when it was", async () => {
        const workers = { ...failing, n: 2, memory: 0.0625, code: `x = bytearray(300_000_000)` };
        const session = await TestSession.create(backend, { master: serve, workers, wait: "completed" });
        const run = await session.failToComeUp();
        assert.match(
            run.output,
            /session-worker-1 was killed because it used more memory than its limit of 64 MiB \(exit code 137\)/,
        );
    });

    it("is found in a session that only waits for its workers to run", async () => {
        const session = await TestSession.create(backend, {
            master: serve,
            // Of several, those that fail more than a second after the first are not waited for.
            workers: { ...failing, n: 1, code: "syntax error here" },
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /1 of 1 workers failed/);
        assert.match(run.output, /SyntaxError/);
    });

    itOnce("is named as late when the time is over, and runs on", async () => {
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...idle, n: 2 },
            wait: "completed",
            timeoutSeconds: 6,
        });
        const run = await session.failToComeUp();
        assert.match(
            run.output,
            /2 of 2 workers had not ended after 6 s: session-worker-1, session-worker-2\. They run on/,
        );
        assert.equal((await session.engines()).get("worker-1")!.isRunning, true);
    });
});

onlyOn(docker, "a worker that starts more processes than it may", function (backend) {
    afterEach(destroySessions);

    it("fails alone, and says why in its last lines", async () => {
        const code = `
import subprocess
for count in range(1000):
    subprocess.Popen(["sleep", "60"])
`;
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, n: 1, code },
            wait: "completed",
            docker: { pidsLimit: 50 },
        });
        const run = await session.failToComeUp();
        assert.match(
            run.output,
            /session-worker-1 ended with exit code 1\. Its last lines:[^]*Resource temporarily unavailable/,
        );
        assert.equal((await session.engines()).get("master")!.isRunning, true);
    });
});

onBothBackends("an argument from another resource", function (backend) {
    afterEach(destroySessions);

    it("ends up before any engine is created where it is wrong", async () => {
        const inArgs: TestBackend = { ...backend, configured: (config) => ({ args: backend.configured(config) }) };
        const args = { master: idle, workers: { ...idle, n: 1 } };
        const session = await TestSession.create(inArgs, args, path.join(__dirname, "programs/late-value"));
        const run = await session.failToComeUp();
        assert.match(run.output, /workers\.env\.COUNT: 90210 is not a string/);
        assert.equal((await session.engines()).size, 0);
    });
});
