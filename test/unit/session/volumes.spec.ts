import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { PartialArgs, deploySession, environmentIn, find } from "../../helpers/session";

describe("the volumes of a session on Docker", () => {
    const engines = ["s-master", "s-worker-1", "s-gpu-1"];
    const workerGroups = [{ name: "gpu", n: 1, command: ["work"] }];

    async function inputsOf(changes: PartialArgs) {
        const deployment = await deploySession({ workerGroups, ...changes });
        assert.ok(deployment.resources.every(({ type }) => !type.endsWith("Volume")));
        return engines.map((name) => find(deployment, name).inputs);
    }

    it("are in every engine of every group, read-only unless said otherwise, and none of them is the session's", async () => {
        const volumes = [
            { path: "/data/genomes", volume: pulumi.output("genomes") },
            { path: "/data/models", hostPath: "/srv/models" },
            { path: "/results", volume: "results", readOnly: false },
        ];
        for (const { mounts, uploads } of await inputsOf({ volumes })) {
            assert.deepEqual(mounts, [
                { type: "volume", source: "genomes", target: "/data/genomes", readOnly: true },
                { type: "bind", source: "/srv/models", target: "/data/models", readOnly: true },
                { type: "volume", source: "results", target: "/results" },
            ]);
            assert.deepEqual(uploads, [], "their rights stay as they are");
        }
    });

    it("are beside the shared folder, which alone is in the environment", async () => {
        const deployment = await deploySession({ shared: {}, volumes: [{ path: "/data", volume: "data" }] });
        const { inputs } = find(deployment, "s-worker-1");
        assert.deepEqual(inputs.mounts, [
            { type: "volume", source: "s-shared-abc1234", target: "/shared" },
            { type: "volume", source: "data", target: "/data", readOnly: true },
        ]);
        assert.equal(environmentIn(find(deployment, "s-worker-1")).CDSW_SHARED_FOLDER, "/shared");
    });
});
