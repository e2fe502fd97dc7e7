import assert from "node:assert/strict";
import { podSpecIn } from "../../helpers/kubernetes";
import { deployOnCluster, deploySession, find } from "../../helpers/session";

describe("the limit of an engine's disk", () => {
    it("is the size of the container on Docker", async () => {
        const deployment = await deploySession({ workers: { disk: Promise.resolve(1.5) } });
        assert.deepEqual(find(deployment, "s-worker-1").inputs.storageOpts, { size: "1536m" });
        assert.equal("storageOpts" in find(deployment, "s-master").inputs, false);
    });

    for (const workers of ["Pods", "IndexedJob"] as const) {
        it(`is what the Pod requests and may use at most, with workers as ${workers}`, async () => {
            const deployment = await deployOnCluster({ workers: { disk: 1.5 }, kubernetes: { workers } });
            const resourcesOf = (name: string) => podSpecIn(find(deployment, name)).containers[0].resources;
            const { limits, requests } = resourcesOf(workers === "Pods" ? "s-worker-1" : "s-workers");
            assert.deepEqual(limits, { cpu: "1", memory: "1Gi", "ephemeral-storage": "1536Mi" });
            assert.deepEqual(requests, limits);
            assert.deepEqual(resourcesOf("s-master").limits, { cpu: "1", memory: "1Gi" });
        });
    }
});
