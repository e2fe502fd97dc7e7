import { Mask } from "../observing/mask";
import { label } from "../labels";
import { Plan } from "../plan";
import { Cluster, ClusterSettings, openCluster } from "./cluster";
import { takeInventory } from "./inventory";
import { JobView, listJobs } from "./jobView";
import { LivePods } from "./livePods";
import { PodHost } from "./podHost";
import { ClusterSuccession, planSuccession } from "./succession";

/** What is seen of a session in its cluster. */
export interface OpenedCluster {
    cluster: Cluster;
    /** What selects everything that belongs to the session's Service. */
    labelSelector: string;
    live: LivePods;
    jobs: JobView;
    host: PodHost;
    succession: ClusterSuccession;
}

/** Looks at what a session has in its cluster, and keeps watching its Pods where that is wanted. */
export async function lookAtSession(
    plan: Plan,
    mask: Mask,
    settings: ClusterSettings,
    namespace: string,
    network: string,
    keepWatching: boolean,
): Promise<OpenedCluster> {
    const cluster = await openCluster(settings, namespace);
    const labelSelector = `${label.network}=${network}`;
    const live = await LivePods.open(cluster, labelSelector, keepWatching);
    const found = await listJobs(cluster, labelSelector);
    const jobs = new JobView();
    jobs.note(found ?? []);
    const host = new PodHost(cluster, live, jobs, plan, mask);
    const inventory = await takeInventory(cluster, live, host, found, network);
    const succession = planSuccession(plan, inventory, network, Date.now());
    return { cluster, labelSelector, live, jobs, host, succession };
}
