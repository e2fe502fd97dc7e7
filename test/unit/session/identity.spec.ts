import assert from "node:assert/strict";
import { label } from "../../../components/model/labels";
import { playedUid } from "../../helpers/playedDocker";
import { deployOnCluster, deploySession, find } from "../../helpers/session";

const stash = "pulumi:index:Stash";
const kept = { computed: ({ type }: { type: string }) => (type === stash ? { output: playedUid } : {}) };

describe("the uid of a session", () => {
    it("is random, in the state, and no later one replaces it", async () => {
        const [one, other] = [find(await deploySession(), "s-uid"), find(await deploySession(), "s-uid")];
        assert.match(one.inputs.input, /^[0-9a-f]{32}$/);
        assert.notEqual(one.inputs.input, other.inputs.input);
        assert.deepEqual(one.ignoreChanges, ["input"]);
    });

    it("is in the generation of everything on Docker, as the state keeps it", async () => {
        const deployment = await deploySession({ shared: {} }, kept);
        for (const name of ["s-network", "s-shared", "s-master", "s-worker-1", "s-worker-2"]) {
            const labels = find(deployment, name).inputs.labels as { label: string; value: string }[];
            const generation = labels.find((each) => each.label === label.generation)!.value;
            assert.equal(generation.split(".")[1], playedUid, name);
        }
    });

    it("is a label of the Service on Kubernetes, which owns the rest", async () => {
        const deployment = await deployOnCluster({}, kept);
        const service = find(deployment, "s", "kubernetes:core/v1:Service");
        assert.equal(service.inputs.metadata.labels[label.uid], playedUid);
    });

    it("decides the subnet that a preview cannot know before", async () => {
        const known = find(await deploySession(), "s-network").inputs.ipamConfigs[0].subnet as string;
        const foreseen = find(await deploySession({}, { preview: true }), "s-network").inputs.ipamConfigs[0];
        assert.match(known, /^10\./);
        assert.notEqual(foreseen.subnet, known);
        const asked = { docker: { subnet: "10.77.0.0/24" } };
        const { subnet } = find(await deploySession(asked, { preview: true }), "s-network").inputs.ipamConfigs[0];
        assert.equal(subnet, "10.77.0.0/24");
    });
});
