import { Cluster, codeOf } from "./cluster";

/** An object of a session in the cluster. */
export interface FoundObject {
    kind: "Pod" | "Job" | "Service" | "ConfigMap";
    name: string;
}

/** Removes objects, and tells the names of those that were there. Nobody has to have the right to it. */
export async function removeObjects(cluster: Cluster, objects: FoundObject[]): Promise<string[]> {
    const removed: string[] = [];
    for (const object of objects) {
        if (await removeObject(cluster, object)) {
            removed.push(`the ${object.kind} ${object.name}`);
        }
    }
    return removed;
}

async function removeObject({ core, batch, namespace }: Cluster, { kind, name }: FoundObject): Promise<boolean> {
    const [which, propagationPolicy] = [{ namespace, name }, "Background"];
    const ways = {
        Pod: { read: () => core.readNamespacedPod(which), remove: () => core.deleteNamespacedPod(which) },
        Job: {
            read: () => batch.readNamespacedJob(which),
            remove: () => batch.deleteNamespacedJob({ ...which, propagationPolicy }),
        },
        Service: {
            read: () => core.readNamespacedService(which),
            remove: () => core.deleteNamespacedService({ ...which, propagationPolicy }),
        },
        ConfigMap: {
            read: () => core.readNamespacedConfigMap(which),
            remove: () => core.deleteNamespacedConfigMap(which),
        },
    };
    try {
        const { metadata } = await ways[kind].read();
        if (metadata?.deletionTimestamp !== undefined) {
            return false;
        }
        await ways[kind].remove();
        return true;
    } catch (error) {
        const code = codeOf(error);
        if (code === 403 || code === 404 || code === 409) {
            return false;
        }
        throw error;
    }
}
