import type { V1Job } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { scaleJob } from "../../../../components/kubernetes/runtime/jobScale";
import { PodWatch } from "../../../../components/kubernetes/runtime/masterReadiness";
import { planSession } from "../../../../components/model/plan";
import { PlayedCluster, refusal } from "../../../helpers/playedCluster";
import { sessionArgs } from "../../../helpers/session";

function watchOf(played: PlayedCluster, n: number): PodWatch {
    const plan = planSession("s", sessionArgs({ workers: { n } }), undefined);
    return { cluster: played.cluster, plan } as unknown as PodWatch;
}

function jobWith(completions: number, condition?: { type: string; status: string }): PlayedCluster {
    const played = new PlayedCluster();
    played.job = { spec: { completions }, status: { conditions: condition && [condition] } } as V1Job;
    return played;
}

describe("the number of a Job's workers", () => {
    const urn = "urn:of:the:job";
    const finished = { type: "Complete", status: "True" };
    const patchOf = (played: PlayedCluster) => played.calls.find(({ name }) => name === "patchJob")?.query;

    it("is left alone where it is right", async () => {
        const played = jobWith(3);
        assert.equal(await scaleJob(watchOf(played, 3), "s-workers", urn), undefined);
        assert.equal(patchOf(played), undefined);
    });

    for (const [now, wanted, condition] of [
        [2, 4, undefined],
        [4, 1, undefined],
        [4, 1, finished],
        [2, 4, { type: "Suspended", status: "True" }],
        [2, 4, { type: "Failed", status: "False" }],
    ] as const) {
        it(`becomes ${wanted} from ${now}, with ${JSON.stringify(condition)}: both numbers together`, async () => {
            const played = jobWith(now, condition);
            assert.equal(await scaleJob(watchOf(played, wanted), "s-workers", urn), undefined);
            assert.deepEqual(patchOf(played), {
                namespace: "here",
                name: "s-workers",
                fieldManager: "distributed-session",
                body: [
                    { op: "replace", path: "/spec/completions", value: wanted },
                    { op: "replace", path: "/spec/parallelism", value: wanted },
                ],
            });
        });
    }

    for (const type of ["Complete", "Failed"]) {
        it(`cannot grow where the Job has finished as ${type}, which is told with the way out`, async () => {
            const played = jobWith(2, { type, status: "True" });
            const failure = await scaleJob(watchOf(played, 4), "s-workers-1", urn);
            assert.equal(
                failure!.text,
                "The Job s-workers-1 has finished with 2 workers, and a finished Job takes no more of them. " +
                    "To run all 4 workers anew, replace it: pulumi up --replace 'urn:of:the:job'",
            );
            assert.equal(patchOf(played), undefined);
        });
    }

    it("is an error where the Job cannot be read", async () => {
        const played = jobWith(2);
        played.refusals.readJob = refusal(403, "forbidden");
        await assert.rejects(scaleJob(watchOf(played, 4), "s-workers", urn), { message: "forbidden" });
    });
});
