import { DistributedSessionArgs, EngineSpec } from "../model/args";
import { Problem, show } from "../model/errors";
import { PodOptions, ResourceRequests } from "./options";

const defaultSize = 1;

/** What is asked of the scheduler may not be more than the limit: the cluster would refuse it when other objects are made already. */
export function validateRequests({ kubernetes, master, workers }: DistributedSessionArgs): Problem[] {
    const { pods, masterPod, workerPods } = kubernetes ?? {};
    return [
        ...requestsWithin(master, { pods, masterPod }, "master"),
        ...requestsWithin(workers, { pods, workerPods }, "workers"),
    ];
}

/** The later options win, as when they are rendered. */
function requestsWithin(
    spec: EngineSpec | undefined,
    options: Record<string, PodOptions | undefined>,
    role: string,
): Problem[] {
    const [name, requests] = Object.entries(options)
        .map(([option, pod]) => [option, pod?.requests] as const)
        .filter(([, each]) => each !== undefined)
        .at(-1) ?? [undefined, undefined];
    if (name === undefined) {
        return [];
    }
    return (["cpu", "memory"] as const).flatMap((property: keyof ResourceRequests) => {
        const [asked, limit] = [requests![property], spec?.[property] ?? defaultSize];
        const isMore = typeof asked === "number" && typeof limit === "number" && asked > limit;
        const reason = `${show(asked)} is more than ${role}.${property}, which is ${show(limit)}; nothing may ask for more than it may use`;
        return isMore ? [{ path: `kubernetes.${name}.requests.${property}`, reason }] : [];
    });
}
