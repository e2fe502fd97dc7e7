import { SessionContext } from "../../model/context";
import { SessionError } from "../../model/errors";
import { label } from "../../model/labels";
import { Cluster, ClusterSettings, codeOf, unlessForbidden } from "./client/cluster";
import { takeInventory } from "./inventory";
import { JobView, listJobs } from "./jobs/jobView";
import { SessionOwner } from "./leftovers";
import { LivePods } from "./livePods";
import { isTerminating } from "./podIdentity";
import { PodHost } from "./podHost";
import { ClusterReplacements, planClusterReplacements } from "./replacements";

/** The state of a session in its cluster. */
export interface OpenedCluster {
    cluster: Cluster;
    /** The selector of everything that belongs to the session's Service. */
    labelSelector: string;
    live: LivePods;
    jobs: JobView;
    replacements: ClusterReplacements;
}

/** Where a session is. */
export interface Location extends SessionOwner {
    settings: ClusterSettings;
    namespace: string;
    /** The values of the Secrets from which engines take variables. */
    secrets: string[];
}

/** What the inspection of a session needs besides its cluster. */
export interface Inspection extends SessionContext {
    /** Whether the Pods stay watched afterwards. */
    keepWatching: boolean;
}

/** Inspects a session in its cluster. `network` is the name of its Service. */
export async function inspectSession(
    cluster: Cluster,
    network: string,
    { plan, session, keepWatching }: Inspection,
): Promise<OpenedCluster> {
    if (await isServiceGone(cluster, network)) {
        const text = `The Service ${network} of the session was deleted outside Pulumi, and Kubernetes is deleting everything that it owned. To recreate the session: pulumi up --refresh`;
        throw new SessionError(text, session);
    }
    const labelSelector = `${label.network}=${network}`;
    const live = await LivePods.open(cluster, labelSelector, keepWatching);
    try {
        const found = await listJobs(cluster, labelSelector);
        const jobs = new JobView();
        jobs.note(found ?? []);
        const host = new PodHost({ cluster, live, jobs }, plan);
        const inventory = await takeInventory({ cluster, live, host }, found, network);
        const replacements = planClusterReplacements(plan, inventory, network, Date.now());
        return { cluster, labelSelector, live, jobs, replacements };
    } catch (error) {
        // A watch that stays open would keep the program from ending.
        live.close();
        throw error;
    }
}

/** Whether the Service is gone. It owns all other objects, so the cluster would delete whatever is created without it. */
export async function isServiceGone({ core, namespace }: Cluster, name: string): Promise<boolean> {
    try {
        const read = () => core.readNamespacedService({ namespace, name });
        const service = await unlessForbidden(`get the Service ${name}`, read);
        return service !== undefined && isTerminating(service);
    } catch (error) {
        if (codeOf(error) === 404) {
            return true;
        }
        throw error;
    }
}
