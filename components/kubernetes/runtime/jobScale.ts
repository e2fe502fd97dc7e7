import { Failure } from "../../observing/runtime";
import { workerCount } from "../../model/plan";
import { PodWatch } from "./masterReadiness";

const fieldManager = "distributed-session";

/** Gives a Job as many workers as the plan has. The cluster takes both numbers together only. What comes back is why it cannot be. */
export async function scaleJob({ cluster, plan }: PodWatch, name: string, urn: string): Promise<Failure | undefined> {
    const { batch, namespace } = cluster;
    const wanted = workerCount(plan);
    const job = await batch.readNamespacedJob({ namespace, name });
    const now = job.spec?.completions ?? 0;
    if (now === wanted) {
        return undefined;
    }
    const isFinished = job.status?.conditions?.some(
        ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
    );
    if (isFinished && wanted > now) {
        const text = `The Job ${name} has finished with ${now} workers, and a finished Job takes no more of them. To run all ${wanted} workers anew, replace it: pulumi up --replace '${urn}'`;
        return { text };
    }
    await batch.patchNamespacedJob({
        namespace,
        name,
        fieldManager,
        body: [
            { op: "replace", path: "/spec/completions", value: wanted },
            { op: "replace", path: "/spec/parallelism", value: wanted },
        ],
    });
    return undefined;
}
