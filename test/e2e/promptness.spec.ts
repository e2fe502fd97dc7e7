import assert from "node:assert/strict";
import { kubernetes } from "./support/backends";
import { onEachBackend, onlyOn } from "./support/columns";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";
import { Run } from "./support/stack";

// These tests measure: they run when no others do.

/** How long after a fact `up` may take to end, in seconds. */
const soon = 5;
/** A cluster gives moments in whole seconds. */
const wholeSecond = 1;

onEachBackend("a master that fails", function (backend, itOnce) {
    afterEach(destroySessions);

    /** Seconds from the end of the master to the end of `up`. */
    async function delay(session: TestSession, run: Run, start: number): Promise<number> {
        const { finishedAt } = (await session.engines()).get("master")!;
        return (start + run.seconds * 1000 - finishedAt) / 1000;
    }

    itOnce("ends up within 5 s when it exits, with its name, exit code and last lines", async () => {
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

    itOnce("is named as killed for memory when it was", async () => {
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

    itOnce("ends the waiting for workers that would wait for ever", async () => {
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
});

onlyOn(kubernetes, "a Pod that does not start", function (backend) {
    afterEach(destroySessions);

    /** Runs `up`, which must fail soon after a fact that is seen in the master's Pod. */
    async function failSoonAfter(config: object, fact: (pod: string) => Promise<Date>): Promise<Run> {
        const session = await TestSession.create(backend, { workers: { ...ask, n: 1 }, wait: "completed", ...config });
        const start = Date.now();
        const run = await session.failToComeUp();
        const { pod } = (await session.engines()).get("master")!;
        const seconds = (start + run.seconds * 1000 - Number(await fact(pod.metadata!.name!))) / 1000;
        assert.ok(seconds < soon + wholeSecond, `up ended ${seconds} s after the fact:\n${run.output}`);
        return run;
    }

    it("because its image cannot be pulled ends up at once, with the cluster's words", async () => {
        const image = "localhost:1/no-such:1";
        const run = await failSoonAfter({ master: { ...serve, image } }, async (pod) => {
            const fieldSelector = `involvedObject.name=${pod},reason=Failed`;
            const { items } = await backend.site.core.listEventForAllNamespaces({ fieldSelector });
            return items[0]!.firstTimestamp!;
        });
        assert.match(run.output, /The master session-master could not be started: (ErrImagePull|ImagePullBackOff): /);
        assert.match(run.output, /localhost:1\/no-such:1/);
    });

    it("because no node has room for it ends up at once, with the cluster's words", async () => {
        const config = { master: { ...serve, cpu: 5000 }, kubernetes: { pods: { requests: undefined } } };
        const run = await failSoonAfter(config, async (name) => {
            const { status } = await backend.site.core.readNamespacedPod({ namespace: "default", name });
            return status!.conditions!.find(({ type }) => type === "PodScheduled")!.lastTransitionTime!;
        });
        assert.match(run.output, /The master session-master could not be started: Unschedulable: .*Insufficient cpu/);
        assert.match(run.output, /raise kubernetes\.scheduleTimeoutSeconds/);
    });
});
