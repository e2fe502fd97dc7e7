import type { CoreV1Event, V1Job } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { Status } from "../../../model/outputs";
import { pause } from "../../../observing/time";
import { Cluster, formatClusterError, unlessForbidden } from "../client/cluster";
import { disruptionTarget } from "../../names";
import { parseRankKey } from "../podIdentity";

const pollMs = 2000;

/** Why a cluster let a Job create no Pod, and when, in ms of the cluster's time. */
export interface Refusal {
    message: string;
    at: number;
}

/** The state of a session's Jobs, beyond that of their Pods: a worker that has ended, or was never created, may have no Pod. */
export class JobView {
    private readonly jobs = new Map<string, V1Job>();
    private readonly refusals = new Map<string, Refusal>();

    note(jobs: V1Job[]): void {
        jobs.forEach((job) => this.jobs.set(job.metadata!.name!, job));
    }

    /** A Job as it was last seen. */
    get(name: string): V1Job | undefined {
        return this.jobs.get(name);
    }

    /** Notes what keeps Jobs from creating Pods, such as a quota: a Job reports it in events only. */
    noteRefusals(events: CoreV1Event[]): void {
        for (const { involvedObject, message = "", lastTimestamp } of events) {
            const at = lastTimestamp?.getTime() ?? 0;
            if (at >= (this.refusals.get(involvedObject.name!)?.at ?? 0)) {
                this.refusals.set(involvedObject.name!, { message, at });
            }
        }
    }

    /** What last kept the Job of a worker from creating a Pod; undefined while nothing is known. */
    refusalOf(key: string): Refusal | undefined {
        return this.refusals.get(parseRankKey(key)!.job);
    }

    /** Whether the Job of a worker creates another Pod for one that the cluster took away, without counting it. */
    forgivesDisruptions(key: string): boolean {
        const { podFailurePolicy } = this.jobs.get(parseRankKey(key)!.job)?.spec ?? {};
        const ignored = (podFailurePolicy?.rules ?? []).filter(({ action }) => action === "Ignore");
        return ignored.some(({ onPodConditions }) => onPodConditions?.some(({ type }) => type === disruptionTarget));
    }

    /** How a worker ended for its Job, which then creates no more Pods for it. */
    endOf(key: string): typeof Status.Succeeded | typeof Status.Failed | undefined {
        const { job: name, rank } = parseRankKey(key)!;
        const job = this.jobs.get(name);
        const { spec, status } = job ?? {};
        const [completed, failed] =
            spec?.completionMode === "Indexed"
                ? [isAmong(status?.completedIndexes, rank - 1), isAmong(status?.failedIndexes, rank - 1)]
                : [hasCondition(job, "Complete"), hasCondition(job, "Failed")];
        return completed ? Status.Succeeded : failed ? Status.Failed : undefined;
    }
}

/** Whether a Job has come to this end. */
export function hasCondition(job: V1Job | undefined, type: "Complete" | "Failed"): boolean {
    return (job?.status?.conditions ?? []).some((each) => each.type === type && each.status === "True");
}

/** Whether a number is among those that a Job writes as `0,3-5`. */
function isAmong(ranges: string | undefined, index: number): boolean {
    return (
        (ranges || undefined)?.split(",").some((range) => {
            const [first, last = first] = range.split("-").map(Number);
            return first! <= index && index <= last!;
        }) === true
    );
}

/** The Jobs of a session; undefined without the right to list them. */
export async function listJobs({ batch, namespace }: Cluster, labelSelector: string): Promise<V1Job[] | undefined> {
    const jobs = await unlessForbidden("list jobs", () => batch.listNamespacedJob({ namespace, labelSelector }));
    return jobs?.items;
}

/** Polls all Jobs of the session at once until the signal. Without a right to their events or to them, less is known. */
export async function keepJobsInView(
    view: JobView,
    cluster: Cluster,
    labelSelector: string,
    signal: AbortSignal,
): Promise<void> {
    const { core, namespace } = cluster;
    const fieldSelector = "involvedObject.kind=Job,reason=FailedCreate";
    // Events carry the cluster's time, so this machine's clock does not count.
    const start = cluster.now();
    const pollEvents = async () => {
        const events = await unlessForbidden("list events", () =>
            core.listNamespacedEvent({ namespace, fieldSelector }),
        );
        const isNew = ({ lastTimestamp }: CoreV1Event) => (lastTimestamp?.getTime() ?? 0) >= start - pollMs;
        view.noteRefusals(events?.items.filter(isNew) ?? []);
        return events !== undefined;
    };
    const pollJobs = async () => {
        const jobs = await listJobs(cluster, labelSelector);
        view.note(jobs ?? []);
        return jobs !== undefined;
    };
    const tolerate = (error: unknown) => {
        void pulumi.log.debug(`Kubernetes: polling Jobs again after an error: ${formatClusterError(error)}`);
        return true;
    };
    for (let polls = [pollEvents, pollJobs]; ;) {
        const goOn = await Promise.all(polls.map((poll) => poll().catch(tolerate)));
        polls = polls.filter((_, index) => goOn[index]);
        if (polls.length === 0 || signal.aborted) {
            return;
        }
        await pause(pollMs, signal);
    }
}
