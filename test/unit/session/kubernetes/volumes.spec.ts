import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { containerIn, podSpecIn } from "../../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, find } from "../../../helpers/session";

const genomes = { path: "/data/genomes", claimName: pulumi.output("genomes") };

describe("the volumes of a session on Kubernetes", () => {
    for (const [what, kubernetes, engines] of [
        ["Pods", {}, ["s-master", "s-worker-1", "s-gpu-1"]],
        ["one Job", { workers: "IndexedJob" }, ["s-master", "s-workers", "s-gpu"]],
    ] as [string, PartialArgs["kubernetes"], string[]][]) {
        it(`are in every engine of every group where workers are ${what}, read-only unless said otherwise`, async () => {
            const volumes = [
                genomes,
                { path: "/data/models", hostPath: "/srv/models" },
                { path: "/results", claimName: "results", readOnly: false },
            ];
            const workerGroups = [{ name: "gpu", n: 1, command: ["work"] }];
            const deployment = await deployOnCluster({ kubernetes, workerGroups, volumes });
            assert.ok(deployment.resources.every(({ type }) => !type.endsWith("PersistentVolumeClaim")));
            for (const name of engines) {
                const engine = find(deployment, name);
                assert.deepEqual(podSpecIn(engine).volumes.slice(1), [
                    { name: "data-0", persistentVolumeClaim: { claimName: "genomes", readOnly: true } },
                    { name: "data-1", hostPath: { path: "/srv/models", type: "Directory" } },
                    { name: "data-2", persistentVolumeClaim: { claimName: "results" } },
                ]);
                assert.deepEqual(containerIn(engine).volumeMounts.slice(1), [
                    { name: "data-0", mountPath: "/data/genomes", readOnly: true },
                    { name: "data-1", mountPath: "/data/models", readOnly: true },
                    { name: "data-2", mountPath: "/results" },
                ]);
            }
        });
    }

    it("are given to no group: a shared folder has its own only beside volumes that nobody may write in", async () => {
        const groupOf = async (volumes: PartialArgs["volumes"], shared = {}) =>
            podSpecIn(find(await deployOnCluster({ shared, volumes }), "s-master")).securityContext.fsGroup as unknown;
        assert.equal(await groupOf([genomes]), 1000);
        assert.equal(await groupOf([{ path: "/data", hostPath: "/srv/data", readOnly: false }]), 1000);
        assert.equal(await groupOf([genomes, { ...genomes, path: "/results", readOnly: false }]), undefined);
    });
});
