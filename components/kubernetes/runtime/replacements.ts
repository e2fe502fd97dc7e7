import { freshToken, planReplacements } from "../../observing/replacements";
import { Plan, PlannedEngine } from "../../model/plan";
import { filesNameOf } from "./files";
import { ClusterInventory, FoundInCluster } from "./inventory";
import { FoundObject } from "./objects";
import { makesJobs } from "../resources/jobs";

/** What becomes of that which a session has in a cluster. */
export interface ClusterReplacements {
    /** What goes before anything is created. */
    removed: FoundObject[];
    /** The engines that have failed and are made anew. */
    recreated: FoundInCluster[];
    /** What stays until the program is told which of it Pulumi knows. */
    kept: FoundInCluster[];
    /** The word on the ConfigMap with the project's files that changes when it is to be made anew. */
    files: string;
    /** The same of an engine, or of the Job that makes it. */
    tokenOf(engine: PlannedEngine): string;
}

/**
 * Decides what is made anew, and what is removed first. The ConfigMap has a name of its own, so one that an `up` left behind would be in
 * the way of the next.
 */
export function planClusterReplacements(
    plan: Plan,
    { engines, seesJobs, files }: ClusterInventory,
    network: string,
    time: number,
): ClusterReplacements {
    const fresh = freshToken(time);
    const { kept, removed, recreated, tokens } = planReplacements(plan, engines, fresh);
    const isLeftover = files !== undefined && (engines.length === 0 || !files.isAttended);
    return {
        removed: [...removed, ...(isLeftover ? [{ kind: "ConfigMap" as const, name: filesNameOf(network) }] : [])],
        recreated,
        kept,
        files: files === undefined || isLeftover ? fresh : files.generation,
        // Jobs that cannot be seen stay as they are.
        tokenOf: (engine) => (makesJobs(plan, engine.template) && !seesJobs ? "" : tokens.get(engine.rank)!),
    };
}
