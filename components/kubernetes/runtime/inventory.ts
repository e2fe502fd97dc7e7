import type { V1Job, V1ObjectMeta } from "@kubernetes/client-node";
import { label } from "../../model/labels";
import { EngineHost } from "../../observing/runtime";
import { FoundEngine } from "../../observing/replacements";
import { Status } from "../../model/outputs";
import { Cluster } from "./client/cluster";
import { FoundFiles, findFiles } from "./files";
import { tokenIn } from "../labels";
import { LivePods } from "./livePods";
import { isTerminating, jobOf, rankKey, rankOf } from "./podIdentity";
import { FoundTokens, findTokens } from "./tokens";

/** An object of a session in the cluster. */
export interface FoundObject {
    kind: "Pod" | "Job" | "Service" | "ConfigMap";
    name: string;
}

/** An engine of a session that is in the cluster already: its own Pod, or the Job that creates its Pod. */
export interface FoundInCluster extends FoundEngine, FoundObject {
    /** Whether it is the Job of all workers of a group. It counts as the first of them, and never as failed. */
    isOneOfMany: boolean;
    createdAt: number;
}

/** What a session has in a cluster. */
export interface ClusterInventory {
    /** The newest first. */
    engines: FoundInCluster[];
    /** Whether Jobs may be listed. */
    seesJobs: boolean;
    /** The ConfigMap with the project's files; undefined if there is none. */
    files: FoundFiles | undefined;
    /** The tokens of the NetworkPolicies, the Secrets and the Service of the published ports. */
    tokens: FoundTokens;
}

/** Finds the objects of a session in a cluster, except terminating ones. `jobs` is undefined without the right to list them. */
export async function takeInventory(
    { cluster, live, host }: { cluster: Cluster; live: LivePods; host: EngineHost },
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
    const [described, files, tokens] = await Promise.all([
        Promise.all(found),
        findFiles(cluster, network),
        findTokens(cluster, network),
    ]);
    const engines = described.filter((each) => !each.isTerminating);
    return {
        engines: engines.sort((one, other) => other.createdAt - one.createdAt),
        seesJobs: jobs !== undefined,
        files,
        tokens,
    };
}

function describe(metadata: V1ObjectMeta) {
    // A watch delivers a time as a string.
    const createdAt = new Date(metadata.creationTimestamp ?? 0).getTime();
    return {
        name: metadata.name!,
        group: metadata.labels?.[label.group],
        token: tokenIn(metadata),
        createdAt,
        isLeftover: false,
    };
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
