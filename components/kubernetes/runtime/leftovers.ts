import { aliasOf, label } from "../../model/labels";
import { Plan } from "../../model/plan";
import { CreatedEngine } from "../../observing/runtime";
import { sessionValue } from "../labels";
import { Cluster, codeOf, unlessForbidden } from "./client/cluster";
import { FoundInCluster, FoundObject } from "./inventory";
import { parseRankKey } from "./podIdentity";

/** A session as the owner of things in a namespace. */
export interface SessionOwner {
    /** The name of its Service. */
    network: string;
    /** What its state alone has; undefined where the state has none yet. */
    uid?: string;
}

/**
 * The engines that were there when `up` began, until Pulumi reports which of them it knows. An `up` that was killed may have created an
 * object that is not in the state: the next `up` creates another one, and the first is a leftover.
 */
export class Leftovers {
    constructor(private found: FoundInCluster[]) {}

    /** The objects for the same engine besides the one that Pulumi knows. Each is returned once. */
    takeBesides({ id, engine, isOneOfMany = false }: CreatedEngine): FoundObject[] {
        const job = parseRankKey(id)?.job;
        const kind = job === undefined ? "Pod" : "Job";
        const isSame = (each: FoundInCluster) =>
            each.kind === kind && aliasOf(each) === engine.alias && each.isOneOfMany === isOneOfMany;
        const same = this.found.filter(isSame);
        this.found = this.found.filter((each) => !isSame(each));
        return same.filter(({ name }) => name !== (job ?? id));
    }
}

/** The leftover Services of the session: with its uid, owned by no other, not the current one, and without a Pod. None without the right to list them. */
export async function findLeftoverServices(
    { core, namespace }: Cluster,
    plan: Plan,
    { network, uid }: SessionOwner,
): Promise<FoundObject[]> {
    if (uid === undefined) {
        return [];
    }
    const labelSelector = `${label.session}=${sessionValue(plan)},${label.uid}=${uid},!${label.network}`;
    const find = async () => {
        const { items } = await core.listNamespacedService({ namespace, labelSelector });
        const others = items.map(({ metadata }) => metadata!.name!).filter((name) => name !== network);
        const unused = await Promise.all(
            others.map(async (name) => {
                const pods = await core.listNamespacedPod({ namespace, labelSelector: `${label.network}=${name}` });
                return pods.items.length === 0 ? [{ kind: "Service" as const, name }] : [];
            }),
        );
        return unused.flat();
    };
    return (await unlessForbidden("list services", find)) ?? [];
}

/** Removes objects and returns the names of those that existed. A missing right is no error. */
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
    const requests = {
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
    const remove = async () => {
        const { metadata } = await requests[kind].read();
        if (metadata?.deletionTimestamp !== undefined) {
            return false;
        }
        await requests[kind].remove();
        return true;
    };
    try {
        return (await unlessForbidden(`get and delete the ${kind} ${name}`, remove)) ?? false;
    } catch (error) {
        const code = codeOf(error);
        if (code === 404 || code === 409) {
            return false;
        }
        throw error;
    }
}
