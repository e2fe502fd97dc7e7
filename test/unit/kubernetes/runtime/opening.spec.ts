import type * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { inspectSession, isServiceGone } from "../../../../components/kubernetes/runtime/opening";
import { planSession } from "../../../../components/model/plan";
import { PlayedCluster, eventually, refusal } from "../../../helpers/playedCluster";
import { sessionArgs } from "../../../helpers/session";

describe("the inspection of a session that fails half-way", () => {
    for (const [what, name] of [
        ["the Jobs", "jobs"],
        ["the ConfigMap with the files", "readConfigMap"],
    ] as const) {
        it(`leaves no watch open, where ${what} cannot be read`, async () => {
            const played = new PlayedCluster();
            played.services = [{ metadata: { name: "net" } }];
            // The watch is there before the failure, as on a cluster that is slow to answer.
            played.delays[name] = 20;
            played.refusals[name] = refusal(429, "too many requests");
            const plan = planSession("s", sessionArgs({ backend: "kubernetes" }), undefined);
            const session = {} as pulumi.Resource;
            const inspected = inspectSession(played.cluster, "net", {
                plan,
                session,
                keepWatching: true,
            });
            await assert.rejects(inspected, { message: "too many requests" });
            await eventually(() => played.watches.length > 0 && played.watches.every(({ aborted }) => aborted));
            // A watch that is not closed for good comes back after a moment.
            await new Promise((resolve) => setTimeout(resolve, 700));
            assert.equal(played.watches.length, 1);
        });
    }
});

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

    it("is gone where it is terminating", async () => {
        const played = new PlayedCluster();
        played.services = [{ metadata: { name: "net", deletionTimestamp: new Date() } }];
        assert.equal(await isGone(played), true);
    });

    it("counts as present without the right to read it", async () => {
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
