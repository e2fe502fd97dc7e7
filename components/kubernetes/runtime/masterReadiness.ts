import { describeMasterFailure, describeNotListening } from "../../observing/failures";
import { isFailure } from "../../observing/engineState";
import { CreatedEngine, Failure, Watch } from "../../observing/runtime";
import { within } from "../../observing/time";
import { Status } from "../../model/outputs";
import { workersOf } from "../../model/plan";
import { Cluster } from "./cluster";
import { JobView } from "./jobView";
import { portsInProbe } from "../listeningProbe";
import { LivePods } from "./livePods";
import { PodHost } from "./podHost";
import { isTerminating, rankOf } from "./podIdentity";
import { isReady } from "./podState";

/** What all parts of the observing of Pods share. */
export interface PodWatch extends Watch {
    host: PodHost;
    live: LivePods;
    jobs: JobView;
    cluster: Cluster;
    /** The ranks of the workers that are there and are made anew. */
    recreated: ReadonlySet<number>;
    /** What selects everything that belongs to the session's Service. */
    labelSelector: string;
}

/** Waits until the master listens on its declared ports; what comes back is why it never will. */
export async function untilMasterListens(watch: PodWatch, master: CreatedEngine): Promise<Failure | undefined> {
    const { host, live, plan } = watch;
    const needsToListen = plan.master.ports.length > 0 && lacksWorkers(watch, master);
    const isThere = (status: Status) =>
        needsToListen ? status === Status.Running && isReady(live.get(master.id)) : status !== Status.Declared;
    const giveUp = new AbortController();
    const waiting = host.until(
        master.id,
        giveUp.signal,
        (seen) => isFailure(seen) || seen.status === Status.Succeeded || isThere(seen.status),
    );
    const seen = await within(plan.startTimeout * 1000, waiting);
    giveUp.abort();
    if (seen === undefined) {
        return describeLate(watch, master);
    }
    if (isFailure(seen) || (seen.status === Status.Succeeded && needsToListen)) {
        return describeMasterFailure(watch, master, seen);
    }
    return undefined;
}

/** Why the master is not there in time: it runs and does not listen, or it has not started. */
async function describeLate(watch: PodWatch, master: CreatedEngine): Promise<Failure> {
    const { host, plan } = watch;
    const seen = await host.inspect(master.id);
    const events = await eventsOf(watch, master.id);
    if (seen.status === Status.Running) {
        const probe = events.filter(({ reason }) => reason === "Unhealthy").at(-1)?.message ?? "";
        if (/executable file not found|no such file/.test(probe)) {
            const text = `Whether the master ${master.engine.name} listens on its ports cannot be seen, because its image has no program "sh". Use an image that has it, or leave master.ports out.`;
            return { text, resource: master.resource };
        }
        return describeNotListening(watch, master, portsInProbe(probe));
    }
    const last = events.at(-1);
    const reason =
        last === undefined
            ? "The cluster says no more."
            : `The cluster says: ${last.reason}: ${last.message.replace(/\.?$/, ".")}`;
    const text = `The master ${master.engine.name} did not start within ${plan.startTimeout} s. ${reason} Raise timeoutSeconds to wait longer.`;
    return { text, resource: master.resource };
}

/** What the cluster noted of a Pod, oldest first. */
async function eventsOf({ cluster }: PodWatch, pod: string): Promise<{ reason: string; message: string }[]> {
    const { core, namespace } = cluster;
    try {
        const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${pod}` });
        const time = (at: Date | undefined) => at?.getTime() ?? 0;
        return items
            .sort((one, other) => time(one.lastTimestamp) - time(other.lastTimestamp))
            .map(({ reason, message }) => ({ reason: reason ?? "", message: message ?? "" }));
    } catch {
        // Without the right to list events, less is said.
        return [];
    }
}

/** Whether a worker of the plan is yet to be created, as all are that follow a new master: only for such a one must it listen. */
function lacksWorkers({ plan, live, recreated }: PodWatch, master: CreatedEngine): boolean {
    const pod = live.get(master.id);
    const isMasterNew = pod === undefined || live.asBefore(pod) === undefined;
    const there = live.allBefore().filter((each) => !isTerminating(each));
    const ranks = new Set(there.map(rankOf));
    return workersOf(plan).some(({ rank }) => isMasterNew || !ranks.has(rank) || recreated.has(rank));
}
