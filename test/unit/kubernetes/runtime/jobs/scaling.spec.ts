import type { V1Job } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Backend } from "../../../../../components/backend";
import { JobView } from "../../../../../components/kubernetes/runtime/jobs/jobView";
import { scaleJob } from "../../../../../components/kubernetes/runtime/jobs/scaling";
import { OpenedCluster } from "../../../../../components/kubernetes/runtime/opening";
import { PodRuntime } from "../../../../../components/kubernetes/runtime/podRuntime";
import { planSession } from "../../../../../components/model/plan";
import { observerOf } from "../../../../../components/observing/observers";
import { createdEngines } from "../../../../helpers/engines";
import { PlayedCluster, refusal } from "../../../../helpers/playedCluster";
import { inPreview } from "../../../../helpers/playedPulumi";
import { sessionArgs } from "../../../../helpers/session";

function jobWith(completions: number, condition?: { type: string; status: string }): PlayedCluster {
    const played = new PlayedCluster();
    const conditions = condition && [condition];
    played.job = { metadata: { name: "s-workers-1" }, spec: { completions }, status: { conditions } } as V1Job;
    return played;
}

describe("the number of a Job's workers", () => {
    const urn = "urn:of:the:job";
    const finished = { type: "Complete", status: "True" };
    const patchOf = (played: PlayedCluster) => played.calls.find(({ name }) => name === "patchJob")?.query;

    it("is left alone where it is right", async () => {
        const played = jobWith(3);
        assert.equal(await scaleJob(played.cluster, { name: "s-workers", workers: 3 }, urn), undefined);
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
            assert.equal(await scaleJob(played.cluster, { name: "s-workers", workers: wanted }, urn), undefined);
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
        it(`cannot grow where the Job has finished as ${type}, and the remedy is named`, async () => {
            const played = jobWith(2, { type, status: "True" });
            const failure = await scaleJob(played.cluster, { name: "s-workers-1", workers: 4 }, urn);
            assert.equal(
                failure!.text,
                "The Job s-workers-1 has already finished with 2 workers, and Kubernetes cannot add workers to a finished Job. " +
                    "To run all 4 workers, replace it: pulumi up --replace 'urn:of:the:job'",
            );
            assert.equal(patchOf(played), undefined);
        });
    }

    it("is an error where the Job cannot be read", async () => {
        const played = jobWith(2);
        played.refusals.readJob = refusal(403, "forbidden");
        await assert.rejects(scaleJob(played.cluster, { name: "s-workers", workers: 4 }, urn), {
            message: "forbidden",
        });
    });
});

describe("a preview of another number of workers", () => {
    /** Previews a session of that many workers as one Job. */
    async function preview(wanted: number, played: PlayedCluster, isOneOfMany = true): Promise<void> {
        const { cluster } = played;
        const plan = planSession("s", sessionArgs({ workers: { n: wanted } }));
        const jobs = new JobView();
        jobs.note([played.job!]);
        const context = { plan, session: {} as pulumi.Resource };
        const opened = { cluster, jobs, live: {}, replacements: { recreated: [], kept: [] } };
        const runtime = new PodRuntime(opened as unknown as OpenedCluster, context, { network: "net", secrets: [] });
        const backend = { connect: () => Promise.resolve(runtime) } as unknown as Backend<any, any>;
        const [, ...workers] = createdEngines({ workers: { n: wanted } });
        const id = (rank: number) => (isOneOfMany ? `s-workers-1#${rank}` : `w${rank}`);
        const created = workers.map((each, index) => ({ ...each, id: id(index + 1), isOneOfMany }));
        await inPreview(async () => {
            const observer = observerOf(backend, context);
            await observer.inspect({});
            await observer.attend(created);
        });
        assert.equal(played.count("patchJob"), 0);
    }

    const finished = { type: "Complete", status: "True" };

    it("refuses what up refuses: more workers for a Job that has finished", async () => {
        await assert.rejects(
            preview(4, jobWith(2, finished)),
            /The Job s-workers-1 has already finished with 2 workers, .* pulumi up --replace 'urn:w1'/,
        );
    });

    it("refuses nothing else, and changes nothing", async () => {
        await preview(4, jobWith(2));
        await preview(1, jobWith(2, finished));
        await preview(2, jobWith(2, finished));
        await preview(4, jobWith(2, finished), false);
    });
});
