import type { V1Job } from "@kubernetes/client-node";
import { Failure } from "../../../observing/watch";
import { Cluster, fieldManager } from "../client/cluster";
import { hasCondition } from "./jobView";

/** Why a Job cannot have so many workers; undefined where it can. */
export function whyNotScaled(wanted: number, job: V1Job, urn: string): Failure | undefined {
    const now = job.spec?.completions ?? 0;
    const isFinished = hasCondition(job, "Complete") || hasCondition(job, "Failed");
    if (!isFinished || wanted <= now) {
        return undefined;
    }
    const text = `The Job ${job.metadata!.name} has already finished with ${now} workers, and Kubernetes cannot add workers to a finished Job. To run all ${wanted} workers, replace it: pulumi up --replace '${urn}'`;
    return { text };
}

/** Gives a Job so many workers; the cluster accepts both numbers together only. Returns why that is impossible. */
export async function scaleJob(
    { batch, namespace }: Cluster,
    { name, workers: wanted }: { name: string; workers: number },
    urn: string,
): Promise<Failure | undefined> {
    const job = await batch.readNamespacedJob({ namespace, name });
    const failure = whyNotScaled(wanted, job, urn);
    if (failure === undefined && job.spec?.completions !== wanted) {
        await batch.patchNamespacedJob({
            namespace,
            name,
            fieldManager,
            body: [
                { op: "replace", path: "/spec/completions", value: wanted },
                { op: "replace", path: "/spec/parallelism", value: wanted },
            ],
        });
    }
    return failure;
}
