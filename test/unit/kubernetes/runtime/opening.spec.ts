import assert from "node:assert/strict";
import { isServiceGone } from "../../../../components/kubernetes/runtime/opening";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";

describe("the Service of a session", () => {
    const isGone = (played: PlayedCluster) => isServiceGone(played.cluster, "net");

    it("is there", async () => {
        const played = new PlayedCluster();
        played.services = [{ metadata: { name: "net" } }];
        assert.equal(await isGone(played), false);
    });

    it("is gone where the cluster has none of that name", async () => {
        assert.equal(await isGone(new PlayedCluster()), true);
    });

    it("is gone where it is being deleted", async () => {
        const played = new PlayedCluster();
        played.services = [{ metadata: { name: "net", deletionTimestamp: new Date() } }];
        assert.equal(await isGone(played), true);
    });

    it("is taken to be there by who may not look", async () => {
        const played = new PlayedCluster();
        played.refusals.readService = refusal(403);
        assert.equal(await isGone(played), false);
    });

    it("is an error where the cluster fails", async () => {
        const played = new PlayedCluster();
        played.refusals.readService = refusal(500, "broken");
        await assert.rejects(isGone(played), { message: "broken" });
    });
});
