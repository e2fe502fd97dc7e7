import assert from "node:assert/strict";
import { capture } from "../../toolchain/progress";
import { oneJob } from "./support/backends";
import { onKubernetes } from "./support/columns";
import { eventually } from "./support/eventually";
import { TestSession, destroySessions, idle, serve, small } from "./support/session";
import { skip } from "./support/skipping";

/** Names a command that restarts the kubelet of the cluster's node, and comes back when it is ready again. */
const restarterVariable = "DISTRIBUTED_SESSION_NODE_RESTARTER";
/** A kubelet that has started says some seconds later of its Pods that they are not ready, and then that they are. */
const settleMs = 15_000;

onKubernetes("a node whose kubelet is restarted", function (backend, itOnce) {
    afterEach(destroySessions);

    itOnce("keeps its engines, and there is nothing to do", async function () {
        const restarter = process.env[restarterVariable];
        if (restarter === undefined) {
            return skip(this, `${restarterVariable} names no command that restarts the node's kubelet`);
        }
        const session = await TestSession.create(backend, { master: serve, workers: { ...idle, n: 2 } });
        await session.up();
        const [before, outputs] = [await session.ids(), await session.stack.outputs()];
        const { code, output } = await capture("sh", ["-c", restarter], { timeoutSeconds: 120 });
        assert.equal(code, 0, output);
        const call = `import os, socket; print(socket.create_connection((os.environ["CML_MASTER_IP"], 6000)).recv(9))`;
        // A kubelet is not there for commands as soon as its node is ready.
        await eventually("an answer of the master", 60_000, async () =>
            /b'hello'/.test((await session.exec("worker-1", "python3", "-c", call)).text),
        );
        assert.deepEqual(await session.ids(), before);
        await session.untilReady(settleMs);
        await session.assertAtRest();
        assert.deepEqual(await session.stack.outputs(), outputs);
    });
});

onKubernetes("a worker that is evicted while up waits", function (backend) {
    afterEach(destroySessions);

    it("is run again by its Job, and is named with the remedy where it is a bare Pod", async () => {
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, command: ["sleep", "4"], n: 2 },
            wait: "completed",
        });
        const isOneJob = backend === oneJob;
        const running = isOneJob ? session.up() : session.failToComeUp();
        const engines = await eventually("two running workers", 60_000, async () => {
            const now = await session.engines();
            return ["worker-1", "worker-2"].every((name) => now.get(name)?.isRunning) ? now : undefined;
        });
        const before = await session.ids();
        await backend.site.evict(engines.get("worker-2")!);
        const { output } = await running;
        assert.match(
            output,
            /session-worker-2 was evicted from its node \S+, as kubectl drain does \(EvictionByEvictionAPI: .*\)/,
        );
        assert.doesNotMatch(output, /--replace/);
        const after = await session.ids();
        const changed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
        assert.deepEqual(changed, ["worker-2"]);
        if (!isOneJob) {
            assert.match(output, /The next pulumi up runs it again, and no other worker\./);
            return;
        }
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ status }: any) => status),
            ["succeeded", "succeeded"],
        );
    });
});
