import type { V1Job, V1ObjectMeta } from "@kubernetes/client-node";
import { label } from "../../model/labels";
import { EngineHost } from "../../observing/runtime";
import { FoundEngine } from "../../observing/replacements";
import { Status } from "../../model/outputs";
import { Cluster } from "./cluster";
import { FoundFiles, findFiles } from "./files";
import { tokenIn } from "../resources/token";
import { LivePods } from "./livePods";
import { FoundObject } from "./objects";
import { isTerminating, jobOf, rankKey, rankOf } from "./podIdentity";

/** An engine of a session that is in the cluster already: a Pod of its own, or a Job that makes it. */
export interface FoundInCluster extends FoundEngine, FoundObject {
    /** Whether it is a Job that makes all workers. It counts as the first of them, and never as one that failed. */
    isOneOfMany: boolean;
    createdAt: number;
}

/** What a session has in a cluster. */
export interface ClusterInventory {
    /** The newest first. */
    engines: FoundInCluster[];
    /** Whether Jobs may be listed. */
    seesJobs: boolean;
    /** The ConfigMap with the project's files; undefined where there is none. */
    files: FoundFiles | undefined;
}

/** Finds what a session has in a cluster, besides what is being deleted. */
export async function takeInventory(
    cluster: Cluster,
    live: LivePods,
    host: EngineHost,
    jobs: V1Job[] | undefined,
    network: string,
): Promise<ClusterInventory> {
    const pods = live.allBefore().filter((pod) => jobOf(pod) === undefined && rankOf(pod) !== undefined);
    const found = [
        ...pods.map(async (pod) => ({
            ...describe(pod.metadata!),
            kind: "Pod" as const,
            rank: rankOf(pod)!,
            state: await host.inspect(pod.metadata!.name!),
            isOneOfMany: false,
            isTerminating: isTerminating(pod),
        })),
        ...(jobs ?? []).map(async (job) => ({
            ...describe(job.metadata!),
            kind: "Job" as const,
            ...(await describeWorkers(job, host)),
            isTerminating: isTerminating(job),
        })),
    ];
    const engines = (await Promise.all(found)).filter((each) => !each.isTerminating);
    return {
        engines: engines.sort((one, other) => other.createdAt - one.createdAt),
        seesJobs: jobs !== undefined,
        files: await findFiles(cluster, network),
    };
}

function describe(metadata: V1ObjectMeta) {
    // A watch tells a time as a text.
    const createdAt = new Date(metadata.creationTimestamp ?? 0).getTime();
    return { name: metadata.name!, token: tokenIn(metadata), createdAt, isLeftover: false };
}

async function describeWorkers(
    { metadata }: V1Job,
    host: EngineHost,
): Promise<Pick<FoundInCluster, "rank" | "state" | "isOneOfMany">> {
    const rank = metadata!.labels?.[label.rank];
    return rank === undefined
        ? { rank: 1, state: { status: Status.Running }, isOneOfMany: true }
        : { rank: Number(rank), state: await host.inspect(rankKey(metadata!.name!, Number(rank))), isOneOfMany: false };
}
