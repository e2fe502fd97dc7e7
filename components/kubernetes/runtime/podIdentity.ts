import type { V1Pod } from "@kubernetes/client-node";
import { aliasOf, label } from "../../model/labels";

const indexLabel = "batch.kubernetes.io/job-completion-index";

/** The key of a worker whose Pods a Job creates, under names that the Job chooses. */
export function rankKey(job: string, rank: number): string {
    return `${job}#${rank}`;
}

/** The Job and the rank of such a key; undefined for a Pod's name. */
export function parseRankKey(key: string): { job: string; rank: number } | undefined {
    const [job, rank] = key.split("#");
    return rank === undefined ? undefined : { job: job!, rank: Number(rank) };
}

/** Whether a key stands for a Job's worker. */
export function isRankKey(key: string): boolean {
    return key.includes("#");
}

/** The key of a Pod besides its name, if a Job created it. */
export function rankKeyOf(pod: V1Pod): string | undefined {
    const [job, rank] = [jobOf(pod), rankOf(pod)];
    return job === undefined || rank === undefined ? undefined : rankKey(job, rank);
}

/** The name of the Job that created a Pod, if one did. */
export function jobOf({ metadata }: V1Pod): string | undefined {
    return metadata?.ownerReferences?.find(({ kind }) => kind === "Job")?.name;
}

/** The rank of a Pod's engine. An Indexed Job numbers its Pods itself, from 0. */
export function rankOf({ metadata }: V1Pod): number | undefined {
    const { [indexLabel]: index, [label.rank]: rank } = metadata?.labels ?? {};
    if (index !== undefined) {
        return Number(index) + 1;
    }
    return rank === undefined ? undefined : Number(rank);
}

/** The name of the group of a Pod's engine; the master and the engines of `workers` have none. */
export function groupOf({ metadata }: V1Pod): string | undefined {
    return metadata?.labels?.[label.group];
}

/** What the other engines call the engine of a Pod. */
export function aliasOfPod(pod: V1Pod): string | undefined {
    const rank = rankOf(pod);
    return rank === undefined ? undefined : aliasOf({ rank, group: groupOf(pod) });
}

/** Whether a Pod's engine is a worker. */
export function isWorker({ metadata }: V1Pod): boolean {
    return metadata?.labels?.[label.role] === "worker";
}

/** Whether an object is being deleted. */
export function isTerminating({ metadata }: Pick<V1Pod, "metadata">): boolean {
    return metadata?.deletionTimestamp !== undefined;
}

/** The name in the provider's id of an object, which is `namespace/name`. */
export function nameIn(id: string): string {
    return id.slice(id.lastIndexOf("/") + 1);
}
