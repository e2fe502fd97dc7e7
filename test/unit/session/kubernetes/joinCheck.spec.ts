import assert from "node:assert/strict";
import { containerIn } from "../../../helpers/kubernetes";
import { deployOnCluster, find } from "../../../helpers/session";

describe("the Pod of a worker that is to join", () => {
    it("is ready when its joinCheck has succeeded, and is killed by none that fails", async () => {
        const workers = { n: 1, joinCheck: ["sh", "-c", "test $(id -u) = $RANK"] };
        const deployment = await deployOnCluster({ workers });
        assert.deepEqual(containerIn(find(deployment, "s-worker-1")).startupProbe, {
            exec: { command: ["sh", "-c", "test $$(id -u) = $$RANK"] },
            periodSeconds: 1,
            timeoutSeconds: 10,
            failureThreshold: 2 ** 31 - 1,
        });
        const [none, unawaited] = [await deployOnCluster(), await deployOnCluster({ wait: "none", workers })];
        for (const other of [none, unawaited]) {
            assert.ok(!("startupProbe" in containerIn(find(other, "s-worker-1"))));
        }
    });

    it("checks with its rank in the environment whether a worker has joined", async () => {
        const workers = { n: 2, joinCheck: ["check"] };
        const deployment = await deployOnCluster({ workers, kubernetes: { workers: "IndexedJob" } });
        const { template } = find(deployment, "s-workers").inputs.spec;
        const [shell, option, script, ...rest] = template.spec.containers[0].startupProbe.exec.command;
        assert.deepEqual([shell, option, rest], ["sh", "-c", ["sh", "check"]]);
        assert.match(script, /export RANK=\$\$\(\(JOB_COMPLETION_INDEX \+ 1\)\)/);
    });
});
