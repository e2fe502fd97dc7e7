import assert from "node:assert/strict";
import { capture } from "../../toolchain/progress";
import { onKubernetes } from "./support/columns";
import { eventually } from "./support/eventually";
import { TestSession, destroySessions, idle, serve } from "./support/session";
import { skip } from "./support/skipping";

/** Names a command that restarts the kubelet of the cluster's node, and comes back when it is ready again. */
const restarterVariable = "DISTRIBUTED_SESSION_NODE_RESTARTER";

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
        await session.assertAtRest();
        assert.deepEqual(await session.stack.outputs(), outputs);
    });
});
