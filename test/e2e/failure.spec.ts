import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend, onlyOn } from "./support/columns";
import { TestSession, ask, destroySessions, idle, serve, small } from "./support/session";
import { Run } from "./support/stack";

/** How long after a fact `up` may take to end, in seconds. */
const soon = 5;

onEachBackend("a master that fails", function (backend) {
    this.timeout(120_000);
    afterEach(destroySessions);

    /** Seconds from the end of the master to the end of `up`. */
    async function delay(session: TestSession, run: Run, start: number): Promise<number> {
        const { finishedAt } = (await session.engines()).get("master")!;
        return (start + run.seconds * 1000 - finishedAt) / 1000;
    }

    it("ends up within 5 s when it exits, with its name, exit code and last lines", async () => {
        const code = `import sys\nfor i in range(40): print("line", i)\nprint("boom", file=sys.stderr)\nsys.exit(7)`;
        const session = await TestSession.create(backend, {
            master: { ...serve, code },
            workers: { ...ask, n: 12 },
            wait: "completed",
        });
        const start = Date.now();
        const run = await session.failToComeUp();
        assert.match(run.output, /The master session-master ended with exit code 7/);
        assert.match(run.output, /\| line 39\n/);
        assert.match(run.output, /\bboom\n/);
        assert.doesNotMatch(run.output, /\| line 10\n/);
        assert.equal(run.output.match(/error: The master session-master/g)!.length <= 2, true, run.output);
        const seconds = await delay(session, run, start);
        assert.ok(seconds < soon, `up ended ${seconds} s after the master`);
        assert.equal((await session.engines()).size, 1);
    });

    it("is named as killed for memory when it was", async () => {
        const session = await TestSession.create(backend, {
            master: { ...serve, memory: 0.0625, code: `x = bytearray(300_000_000)` },
            workers: { ...ask, n: 1 },
            wait: "completed",
        });
        const start = Date.now();
        const run = await session.failToComeUp();
        assert.match(
            run.output,
            /session-master was killed because it used more memory than its limit of 64 MiB \(exit code 137\)/,
        );
        assert.ok((await delay(session, run, start)) < soon);
    });

    it("fails up also when it ends well before it listened", async () => {
        const session = await TestSession.create(backend, {
            master: { ...serve, code: `print("done")` },
            workers: { ...ask, n: 1 },
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /session-master ended with exit code 0 before it listened on port 6000/);
    });

    it("ends the waiting for workers that would wait for ever", async () => {
        const code = `import threading, os\nthreading.Timer(4, lambda: os._exit(9)).start()${serve.code}`;
        const session = await TestSession.create(backend, {
            master: { ...serve, code },
            workers: { ...idle, n: 2 },
            wait: "completed",
        });
        const start = Date.now();
        const run = await session.failToComeUp();
        assert.match(run.output, /The master session-master ended with exit code 9/);
        assert.match(run.output, /To run it again, and every worker with it: pulumi up --replace 'urn:/);
        assert.ok((await delay(session, run, start)) < soon);
    });

    it("leaves a stack that the corrected program repairs", async () => {
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

onEachBackend("a worker that fails", function (backend) {
    this.timeout(120_000);
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

    it("is only reported where that is asked for", async () => {
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
        await session.assertAtRest();
    });

    it("is named as killed for memory when it was", async () => {
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
            workers: { ...failing, code: "syntax error here" },
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /3 of 3 workers failed/);
        assert.match(run.output, /SyntaxError/);
    });

    it("is named as late when the time is over, and runs on", async () => {
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
    this.timeout(120_000);
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
