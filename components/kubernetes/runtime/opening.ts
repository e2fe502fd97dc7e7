import * as pulumi from "@pulumi/pulumi";
import { SessionError } from "../../model/errors";
import { Mask } from "../../observing/output";
import { label } from "../../model/labels";
import { Plan } from "../../model/plan";
import { Cluster, ClusterSettings, codeOf, openCluster } from "./cluster";
import { takeInventory } from "./inventory";
import { JobView, listJobs } from "./jobView";
import { LivePods } from "./livePods";
import { isTerminating } from "./podIdentity";
import { PodHost } from "./podHost";
import { ClusterReplacements, planClusterReplacements } from "./replacements";

/** What is seen of a session in its cluster. */
export interface OpenedCluster {
    cluster: Cluster;
    /** What selects everything that belongs to the session's Service. */
    labelSelector: string;
    live: LivePods;
    jobs: JobView;
    host: PodHost;
    replacements: ClusterReplacements;
}

/** Where a session is. */
export interface Location {
    settings: ClusterSettings;
    namespace: string;
    /** The name of its Service. */
    network: string;
}

/** Looks at what a session has in its cluster, and keeps watching its Pods where that is wanted. */
export async function inspectSession(
    plan: Plan,
    session: pulumi.Resource,
    { settings, namespace, network }: Location,
    mask: Mask,
    keepWatching: boolean,
): Promise<OpenedCluster> {
    const cluster = await openCluster(settings, namespace);
    if (await isServiceGone(cluster, network)) {
        const text = `The session's Service ${network} is gone: something else than Pulumi removed it, and with it the cluster removes all that the session has. To make it all anew: pulumi up --refresh`;
        throw new SessionError(text, session);
    }
    const labelSelector = `${label.network}=${network}`;
    const live = await LivePods.open(cluster, labelSelector, keepWatching);
    const found = await listJobs(cluster, labelSelector);
    const jobs = new JobView();
    jobs.note(found ?? []);
    const host = new PodHost(cluster, live, jobs, plan, mask);
    const inventory = await takeInventory(cluster, live, host, found, network);
    const replacements = planClusterReplacements(plan, inventory, network, Date.now());
    return { cluster, labelSelector, live, jobs, host, replacements };
}

/** Whether the Service is gone. The cluster would remove whatever was created for it to own, so nothing can be made anew without it. */
export async function isServiceGone({ core, namespace }: Cluster, name: string): Promise<boolean> {
    try {
        return isTerminating(await core.readNamespacedService({ namespace, name }));
    } catch (error) {
        switch (codeOf(error)) {
            case 404:
                return true;
            case 403:
                return false;
            default:
                throw error;
        }
    }
}
