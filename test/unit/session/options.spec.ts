import assert from "node:assert/strict";
import { deploySession, find } from "../../helpers/session";

describe("the resource options of a session's children", () => {
    it("delete an engine before its successor, which has the same address", async () => {
        const deployment = await deploySession();
        for (const name of ["s-master", "s-worker-1"]) {
            assert.equal(find(deployment, name).deleteBeforeReplace, true);
        }
    });

    it("delete the workers before their master, and create them when the next one is there", async () => {
        const deployment = await deploySession();
        const master = find(deployment, "s-master");
        assert.deepEqual(find(deployment, "s-worker-1").replaceWith, [master.urn]);
        assert.deepEqual(master.replaceWith, []);
    });

    it("delete the network before its successor, which has the same subnet", async () => {
        assert.equal(find(await deploySession(), "s-network").deleteBeforeReplace, true);
    });

    it("replace an engine where the provider would take a change and not apply it", async () => {
        const deployment = await deploySession();
        for (const name of ["s-master", "s-worker-1"]) {
            const expected = ["init", "cpuPeriod", "cpuQuota", "memory", "#initerror"];
            assert.deepEqual(find(deployment, name).replaceOnChanges, expected);
        }
    });

    it("ignore the swap limit that a kernel may not know, the restart policy that is set later, and what the host keeps of the output", async () => {
        const deployment = await deploySession();
        for (const name of ["s-master", "s-worker-1"]) {
            const expected = ["memorySwap", "restart", "maxRetryCount", "logOpts"];
            assert.deepEqual(find(deployment, name).ignoreChanges, expected);
        }
    });

    it("keep a subnet that the session chose", async () => {
        assert.deepEqual(find(await deploySession(), "s-network").ignoreChanges, ["ipamConfigs"]);
    });

    it("follow a subnet that the user names", async () => {
        const deployment = await deploySession({ docker: { subnet: "10.77.0.0/24" } });
        assert.deepEqual(find(deployment, "s-network").ignoreChanges, []);
    });
});
