import assert from "node:assert/strict";
import { FoundObject, removeObjects } from "../../../../components/kubernetes/runtime/objects";
import { pod } from "../../../helpers/pods";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";

const object = (kind: FoundObject["kind"], name = "p"): FoundObject => ({ kind, name });

describe("removing objects of a session", () => {
    for (const kind of ["Pod", "Job", "Service", "ConfigMap"] as const) {
        it(`removes a ${kind}, and what it owns in the background`, async () => {
            const played = new PlayedCluster(pod());
            const metadata = { name: "p" };
            Object.assign(played, { jobs: [{ metadata }], services: [{ metadata }], configMaps: [{ metadata }] });
            assert.deepEqual(await removeObjects(played.cluster, [object(kind)]), [`the ${kind} p`]);
            const ownsOthers = kind === "Job" || kind === "Service";
            assert.deepEqual(played.calls.at(-1), {
                name: `delete${kind}`,
                query: { namespace: "here", name: "p", ...(ownsOthers ? { propagationPolicy: "Background" } : {}) },
            });
        });
    }

    it("tells nothing of one that is gone, and goes on", async () => {
        const played = new PlayedCluster(pod());
        assert.deepEqual(await removeObjects(played.cluster, [object("Pod", "q"), object("Pod")]), ["the Pod p"]);
    });

    it("leaves alone what is being deleted", async () => {
        const played = new PlayedCluster(pod({ isGoing: true }));
        assert.deepEqual(await removeObjects(played.cluster, [object("Pod")]), []);
        assert.equal(played.count("deletePod"), 0);
    });

    for (const code of [403, 409]) {
        it(`leaves alone what it is refused with ${code}`, async () => {
            const played = new PlayedCluster(pod());
            played.refusals.deletePod = refusal(code);
            assert.deepEqual(await removeObjects(played.cluster, [object("Pod")]), []);
        });
    }

    it("is an error where the cluster fails", async () => {
        const played = new PlayedCluster(pod());
        played.refusals.deletePod = refusal(500, "broken");
        await assert.rejects(removeObjects(played.cluster, [object("Pod")]), { message: "broken" });
    });
});
