import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { containerIn, podEnvironmentIn, podSpecIn } from "../../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, find } from "../../../helpers/session";

const claim = "PersistentVolumeClaim";
const ownGroup = { fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" };

describe("the shared folder of a session on Kubernetes", () => {
    for (const [what, changes, engines] of [
        ["Pods", {}, ["s-master", "s-worker-1", "s-worker-2"]],
        ["one Job", { kubernetes: { workers: "IndexedJob" } }, ["s-master", "s-workers"]],
    ] as [string, PartialArgs, string[]][]) {
        it(`is a claim of the session's own, in every engine where workers are ${what}`, async () => {
            const deployment = await deployOnCluster({ ...changes, shared: { path: "/data" } });
            const { inputs, parent } = find(deployment, "s-shared", claim);
            assert.equal(parent, find(deployment, "s", "DistributedSession").urn);
            assert.deepEqual(inputs.spec, {
                accessModes: ["ReadWriteMany"],
                resources: { requests: { storage: "10240Mi" } },
            });
            assert.deepEqual(inputs.metadata.annotations, { "pulumi.com/skipAwait": "true" });
            assert.equal(inputs.metadata.ownerReferences[0].kind, "Service");
            for (const name of engines) {
                const engine = find(deployment, name);
                const { volumes, securityContext } = podSpecIn(engine);
                const volume = { name: "shared", persistentVolumeClaim: { claimName: "s-shared-abc1234" } };
                assert.deepEqual(volumes.at(-1), volume);
                assert.deepEqual(containerIn(engine).volumeMounts.at(-1), { name: "shared", mountPath: "/data" });
                assert.deepEqual({ ...securityContext, ...ownGroup }, securityContext);
                assert.equal(podEnvironmentIn(engine).CDSW_SHARED_FOLDER, "/data");
            }
        });
    }

    it("is a claim of the size, the class and the mode that are asked for", async () => {
        const sharedClaim = { size: 0.5, storageClassName: pulumi.output("nfs"), accessMode: "ReadWriteOnce" };
        const deployment = await deployOnCluster({ shared: {}, kubernetes: { sharedClaim } });
        assert.deepEqual(find(deployment, "s-shared", claim).inputs.spec, {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "nfs",
            resources: { requests: { storage: "512Mi" } },
        });
    });

    it("is a claim that the user names, with a group of the user's choice, and none of the session's", async () => {
        const kubernetes = { pods: { fsGroup: 7 } };
        const deployment = await deployOnCluster({ shared: { claimName: "data" }, kubernetes });
        assert.ok(deployment.resources.every(({ type }) => !type.endsWith(claim)));
        const { volumes, securityContext } = podSpecIn(find(deployment, "s-worker-1"));
        assert.deepEqual(volumes.at(-1), { name: "shared", persistentVolumeClaim: { claimName: "data" } });
        assert.equal(securityContext.fsGroup, 7);
        assert.equal("fsGroupChangePolicy" in securityContext, false);
    });

    it("is a folder of the node, whose rights stay as they are", async () => {
        const deployment = await deployOnCluster({ shared: { hostPath: "/srv/data" } });
        const { volumes, securityContext } = podSpecIn(find(deployment, "s-worker-1"));
        assert.deepEqual(volumes.at(-1), { name: "shared", hostPath: { path: "/srv/data", type: "Directory" } });
        assert.equal("fsGroup" in securityContext, false);
    });

    it("is nowhere in a session without one", async () => {
        const engine = find(await deployOnCluster(), "s-master");
        const { volumes, securityContext } = podSpecIn(engine);
        assert.deepEqual(
            volumes.map(({ name }: { name: string }) => name),
            ["shared-memory"],
        );
        assert.equal("fsGroup" in securityContext, false);
        assert.equal("CDSW_SHARED_FOLDER" in podEnvironmentIn(engine), false);
    });
});
