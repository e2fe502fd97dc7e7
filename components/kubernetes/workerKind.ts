import { Wait } from "../model/args";
import { EngineTemplate, Plan } from "../model/plan";
import { WorkerKind } from "./options";

/**
 * Whether a Job makes the Pods of an engine: only a Job counts how often one is tried again. And a Pod of Pulumi's own would differ from its
 * inputs once the end of a job has shortened the deadline that they have.
 */
export function makesJobs(plan: Plan, { role, restarts }: EngineTemplate): boolean {
    const isCounted = restarts > 0 && Number.isFinite(restarts);
    const isShortened = plan.wait === Wait.Master && plan.maxSeconds !== undefined;
    return role === "worker" && (plan.kubernetes.workers === WorkerKind.IndexedJob || isCounted || isShortened);
}
