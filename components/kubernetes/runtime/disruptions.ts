import type { V1Pod, V1PodCondition } from "@kubernetes/client-node";
import { disruptionTarget } from "../names";

/** What the reasons of a disruption mean, as the rest of a sentence that starts with the engine's name. */
const meanings: Record<string, (node: string) => string> = {
    EvictionByEvictionAPI: (node) => `was evicted from its node${node}, as kubectl drain does`,
    PreemptionByScheduler: (node) => `had to leave its node${node} for a Pod of higher priority`,
    DeletionByTaintManager: (node) => `had to leave its node${node}, which is lost or has a new taint`,
    DeletionByPodGC: (node) => `was lost with its node${node}`,
    TerminationByKubelet: (node) => `was ended by its node${node}, which is short of something or is shut down`,
};

/** Whether the cluster takes a Pod away, or has done so, for a reason outside its program. */
export function isDisrupted(pod: V1Pod): boolean {
    return disruptionOf(pod) !== undefined;
}

/** How the cluster took a Pod away, as the rest of a sentence that starts with its engine's name; undefined where it did not. */
export function describeDisruption(pod: V1Pod): string | undefined {
    const condition = disruptionOf(pod);
    const { phase, reason, message } = pod.status ?? {};
    if (condition === undefined) {
        return phase === "Failed" && reason ? `was ended by the cluster: ${join(reason, message)}` : undefined;
    }
    const { nodeName } = pod.spec ?? {};
    const meaning =
        meanings[condition.reason ?? ""]?.(nodeName ? ` ${nodeName}` : "") ?? "was taken away by the cluster";
    // A node says more in the status than in the condition.
    const words = reason ? join(reason, message) : join(condition.reason, condition.message);
    return `${meaning} (${words})`;
}

function disruptionOf({ status }: V1Pod): V1PodCondition | undefined {
    return status?.conditions?.find((each) => each.type === disruptionTarget && each.status === "True");
}

function join(reason = "the cluster gives no reason", message?: string): string {
    return message ? `${reason}: ${message}` : reason;
}
