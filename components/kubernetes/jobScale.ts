import { Failure } from "../observing/watch";
import { pause } from "../observing/within";
import { workersOf } from "../plan";
import { codeOf } from "./cluster";
import { PodWatch } from "./masterReadiness";

const glanceMs = 2000;
const fieldManager = "distributed-session";

/** Gives a Job as many workers as the plan has. The cluster takes both numbers together only. What comes back is why it cannot be. */
export async function scaleJob({ cluster, plan }: PodWatch, name: string, urn: string): Promise<Failure | undefined> {
    const { batch, namespace } = cluster;
    const wanted = workersOf(plan).length;
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

/** Notes what keeps a Job from making its Pods, such as a quota: the Job itself says so in events only. */
export async function keepJobInView({ cluster, host, signal }: PodWatch, name: string): Promise<void> {
    const { core, namespace } = cluster;
    const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${name},reason=FailedCreate`;
    const start = Date.now();
    while (!signal.aborted) {
        try {
            const { items } = await core.listNamespacedEvent({ namespace, fieldSelector });
            const refusal = items.find(({ lastTimestamp }) => (lastTimestamp?.getTime() ?? 0) >= start - glanceMs);
            host.jobProblem = refusal?.message;
        } catch (error) {
            if (codeOf(error) === 403) {
                return;
            }
        }
        await pause(glanceMs, signal);
    }
}
