import { Cluster, codeOf } from "./cluster";
import { tokenIn } from "../resources/token";

/** The annotation of a ConfigMap that Pulumi is known to have written down. */
const attended = "distributed-session.attended";
const fieldManager = "distributed-session";

/** The ConfigMap with the project's files, as it is found in the cluster. */
export interface FoundFiles {
    generation: string;
    /** Whether the program was told of it: otherwise an `up` may have been killed before Pulumi wrote it down. */
    isAttended: boolean;
}

/** The name of that ConfigMap. */
export function filesNameOf(network: string): string {
    return `${network}-files`;
}

/** Looks for the ConfigMap; undefined where there is none. */
export async function findFiles(cluster: Cluster, network: string): Promise<FoundFiles | undefined> {
    const { core, namespace } = cluster;
    try {
        const { metadata } = await core.readNamespacedConfigMap({ namespace, name: filesNameOf(network) });
        const isMarked = metadata?.annotations?.[attended] !== undefined;
        // Who may not mark it knows no better.
        const isAttended = isMarked || !(await markFiles(cluster, filesNameOf(network), true));
        return { generation: tokenIn(metadata), isAttended };
    } catch (error) {
        switch (codeOf(error)) {
            case 404:
                return undefined;
            case 403:
                // One that may not be seen stays as it is.
                return { generation: "", isAttended: true };
            default:
                throw error;
        }
    }
}

/** Marks the ConfigMap as one that the program was told of, or finds out whether that would be allowed. */
export async function markFiles({ core, namespace }: Cluster, name: string, onlyAsks = false): Promise<boolean> {
    const value = { op: "add", path: `/metadata/annotations/${attended}`, value: "true" };
    const dryRun = onlyAsks ? { dryRun: "All" } : {};
    try {
        await core.patchNamespacedConfigMap({ namespace, name, fieldManager, body: [value], ...dryRun });
        return true;
    } catch (error) {
        const code = codeOf(error);
        if (code === undefined || code >= 500) {
            throw error;
        }
        return false;
    }
}
