import type { CoreV1Event } from "@kubernetes/client-node";
import { Cluster } from "./cluster";

/** The cluster's events about a Pod, oldest first; none where they may not be listed. */
export async function eventsOf({ core, namespace }: Cluster, pod: string): Promise<CoreV1Event[]> {
    try {
        const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${pod}` });
        const time = (at: Date | undefined) => at?.getTime() ?? 0;
        return items.sort((one, other) => time(one.lastTimestamp) - time(other.lastTimestamp));
    } catch {
        return [];
    }
}

/** What the cluster says of the failed runs of a Pod's probe, oldest first. */
export async function probeMessagesOf(cluster: Cluster, pod: string): Promise<string[]> {
    const events = await eventsOf(cluster, pod);
    return events.filter(({ reason }) => reason === "Unhealthy").map(({ message }) => message ?? "");
}

/** The cluster cuts the end of a longer message. */
const longestMessage = 1000;

/** What a failed run of a probe printed, by the cluster's message about it. A line that is cut is left out: it may be a part of a secret. */
export function printedByProbe(message: string | undefined): string | undefined {
    const printed = message?.replace(/^Startup probe (failed|errored[^:]*): ?/, "");
    return printed !== undefined && printed.length > longestMessage ? printed.replace(/[^\n]*$/, "") : printed;
}
