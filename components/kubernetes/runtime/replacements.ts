import { freshToken, planReplacements } from "../../observing/replacements";
import { EngineTemplate, Plan, PlannedEngine } from "../../model/plan";
import { ClusterInventory, FoundInCluster, FoundObject } from "./inventory";
import { componentOf, publishedComponent } from "../labels";
import { filesNameOf } from "../names";
import { makesJobs } from "../workerKind";

/** The fate of each object that a session has in a cluster. */
export interface ClusterReplacements {
    /** The objects to remove before anything is created. */
    removed: FoundObject[];
    /** The failed engines that are recreated. */
    recreated: FoundInCluster[];
    /** The engines that stay until Pulumi reports which of them it knows. */
    kept: FoundInCluster[];
    /** The token of the ConfigMap with the project's files: a change of it forces replacement. */
    files: string;
    /** The token of the NetworkPolicy. A lost one is recreated: a deletion that was cut short may have removed it. */
    policy: string;
    /** The token of the NetworkPolicy for the published ports, likewise. */
    access: string;
    /** The token of the Service of the published ports, likewise. */
    published: string;
    /** The token of the Secret of the master or of a group, likewise. */
    secretOf(template: EngineTemplate): string;
    /** The token of an engine, or of the Job that creates its Pod. */
    tokenOf(engine: PlannedEngine): string;
}

/**
 * Decides what is recreated, and what is removed first. The ConfigMap has a fixed name, so a leftover one would block the creation of
 * the next.
 */
export function planClusterReplacements(
    plan: Plan,
    { engines, seesJobs, files, tokens: found }: ClusterInventory,
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
        files: files === undefined || isLeftover ? fresh : files.token,
        policy: found("NetworkPolicy", "network") ?? fresh,
        access: found("NetworkPolicy", publishedComponent) ?? fresh,
        published: found("Service", publishedComponent) ?? fresh,
        secretOf: (template) => found("Secret", componentOf(template)) ?? fresh,
        // Without the right to list Jobs, they stay as they are.
        tokenOf: (engine) => (makesJobs(plan, engine.template) && !seesJobs ? "" : tokens.get(engine.alias)!),
    };
}
