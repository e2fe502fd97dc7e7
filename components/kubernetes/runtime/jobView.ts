import type { CoreV1Event, V1Job } from "@kubernetes/client-node";
import { Status } from "../../model/outputs";
import { pause } from "../../observing/time";
import { Cluster, codeOf } from "./cluster";
import { parseRankKey } from "./podIdentity";

const glanceMs = 2000;

/** What is known of a session's Jobs, beyond what their Pods tell: a worker may have ended, or never come, and have no Pod. */
export class JobView {
    private readonly jobs = new Map<string, V1Job>();
    private readonly problems = new Map<string, string>();

    note(jobs: V1Job[]): void {
        jobs.forEach((job) => this.jobs.set(job.metadata!.name!, job));
    }

    /** Notes what keeps Jobs from making Pods, such as a quota: a Job itself says so in events only. */
    noteRefusals(events: CoreV1Event[]): void {
        events.forEach(({ involvedObject, message }) => this.problems.set(involvedObject.name!, message ?? ""));
    }

    /** What keeps the Job of a worker from making its Pod, once that is known. */
    problemOf(key: string): string | undefined {
        return this.problems.get(parseRankKey(key)!.job);
    }

    /** How a worker ended for its Job, which makes no more Pods for it then. */
    endOf(key: string): typeof Status.Succeeded | typeof Status.Failed | undefined {
        const { job: name, rank } = parseRankKey(key)!;
        const { spec, status } = this.jobs.get(name) ?? {};
        const has = (type: string) => status?.conditions?.some((each) => each.type === type && each.status === "True");
        const [completed, failed] =
            spec?.completionMode === "Indexed"
                ? [isAmong(status?.completedIndexes, rank - 1), isAmong(status?.failedIndexes, rank - 1)]
                : [has("Complete"), has("Failed")];
        return completed ? Status.Succeeded : failed ? Status.Failed : undefined;
    }
}

/** Whether a number is one of those that a Job writes as `0,3-5`. */
function isAmong(ranges: string | undefined, index: number): boolean {
    return (
        (ranges || undefined)?.split(",").some((range) => {
            const [first, last = first] = range.split("-").map(Number);
            return first! <= index && index <= last!;
        }) === true
    );
}

/** The Jobs of a session; undefined for who may not list them. */
export async function listJobs({ batch, namespace }: Cluster, labelSelector: string): Promise<V1Job[] | undefined> {
    return unlessForbidden(async () => (await batch.listNamespacedJob({ namespace, labelSelector })).items);
}

/** Looks at the session's Jobs again and again, all at once. Where something may not be looked at, less is known. */
export async function keepJobsInView(
    view: JobView,
    cluster: Cluster,
    labelSelector: string,
    signal: AbortSignal,
): Promise<void> {
    const { core, namespace } = cluster;
    const fieldSelector = "involvedObject.kind=Job,reason=FailedCreate";
    const start = Date.now();
    const lookAtEvents = async () => {
        const events = await unlessForbidden(() => core.listNamespacedEvent({ namespace, fieldSelector }));
        const isNew = ({ lastTimestamp }: CoreV1Event) => (lastTimestamp?.getTime() ?? 0) >= start - glanceMs;
        view.noteRefusals(events?.items.filter(isNew) ?? []);
        return events !== undefined;
    };
    const lookAtJobs = async () => {
        const jobs = await listJobs(cluster, labelSelector);
        view.note(jobs ?? []);
        return jobs !== undefined;
    };
    for (let looks = [lookAtEvents, lookAtJobs]; ;) {
        // What cannot be reached for a moment is looked at again.
        const goOn = await Promise.all(looks.map((look) => look().catch(() => true)));
        looks = looks.filter((_, index) => goOn[index]);
        if (looks.length === 0 || signal.aborted) {
            return;
        }
        await pause(glanceMs, signal);
    }
}

async function unlessForbidden<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
        return await ask();
    } catch (error) {
        if (codeOf(error) === 403) {
            return undefined;
        }
        throw error;
    }
}
