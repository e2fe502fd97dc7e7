import { Cluster, codeOf, fieldManager, unlessForbidden } from "./client/cluster";
import { tokenIn } from "../labels";
import { filesNameOf } from "../names";

/** The annotation of a ConfigMap that is in the state of the stack. */
const attended = "distributed-session.attended";

/** The ConfigMap with the project's files, as it is in the cluster. */
export interface FoundFiles {
    token: string;
    /** Whether it is in the state of the stack: an `up` that was killed may have created it without. */
    isAttended: boolean;
}

/** The ConfigMap; undefined if there is none. */
export async function findFiles(cluster: Cluster, network: string): Promise<FoundFiles | undefined> {
    const { core, namespace } = cluster;
    const name = filesNameOf(network);
    try {
        const read = () => core.readNamespacedConfigMap({ namespace, name });
        const found = await unlessForbidden(`get the ConfigMap ${name}`, read);
        if (found === undefined) {
            // It stays as it is.
            return { token: "", isAttended: true };
        }
        const isMarked = found.metadata?.annotations?.[attended] !== undefined;
        // Without the right to mark it, a missing mark says nothing.
        const isAttended = isMarked || !(await markFiles(cluster, name, true));
        return { token: tokenIn(found.metadata), isAttended };
    } catch (error) {
        if (codeOf(error) === 404) {
            return undefined;
        }
        throw error;
    }
}

/** Marks the ConfigMap as one in the state of the stack, or checks whether that is allowed. */
export async function markFiles({ core, namespace }: Cluster, name: string, onlyChecks = false): Promise<boolean> {
    const value = { op: "add", path: `/metadata/annotations/${attended}`, value: "true" };
    const dryRun = onlyChecks ? { dryRun: "All" } : {};
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
