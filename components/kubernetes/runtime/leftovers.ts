import { label } from "../../model/labels";
import { CreatedEngine } from "../../observing/runtime";
import { Plan } from "../../model/plan";
import { Cluster, codeOf } from "./cluster";
import { FoundInCluster } from "./inventory";
import { sessionValue } from "../resources/labels";
import { FoundObject } from "./objects";
import { parseRankKey } from "./podIdentity";

/**
 * What was there before, as long as the program has not been told what Pulumi knows of it. An `up` that was killed may have created an
 * object that nobody wrote down: the next `up` creates another one, and the first is a leftover.
 */
export class Leftovers {
    constructor(private found: FoundInCluster[]) {}

    /** What stands in for an engine that Pulumi knows as another object. */
    takeBesides({ id, engine, isOneOfMany = false }: CreatedEngine): FoundObject[] {
        const job = parseRankKey(id)?.job;
        const kind = job === undefined ? "Pod" : "Job";
        const isSame = (each: FoundInCluster) =>
            each.kind === kind && each.rank === engine.rank && each.isOneOfMany === isOneOfMany;
        const same = this.found.filter(isSame);
        this.found = this.found.filter((each) => !isSame(each));
        return same.filter(({ name }) => name !== (job ?? id));
    }
}

/** The Services of the session that an `up` left behind: not its own, and without a Pod. None for who may not look. */
export async function findLeftoverServices(
    { core, namespace }: Cluster,
    plan: Plan,
    network: string,
): Promise<FoundObject[]> {
    try {
        const labelSelector = `${label.session}=${sessionValue(plan)}`;
        const { items } = await core.listNamespacedService({ namespace, labelSelector });
        const others = items.map(({ metadata }) => metadata!.name!).filter((name) => name !== network);
        const unused = await Promise.all(
            others.map(async (name) => {
                const pods = await core.listNamespacedPod({ namespace, labelSelector: `${label.network}=${name}` });
                return pods.items.length === 0 ? [{ kind: "Service" as const, name }] : [];
            }),
        );
        return unused.flat();
    } catch (error) {
        if (codeOf(error) === 403) {
            return [];
        }
        throw error;
    }
}
