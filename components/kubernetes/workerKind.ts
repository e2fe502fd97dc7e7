import { EngineTemplate, Plan } from "../model/plan";
import { WorkerKind } from "./options";

/** Whether a Job makes the Pods of an engine: only a Job counts how often one is tried again. */
export function makesJobs(plan: Plan, { role, restarts }: EngineTemplate): boolean {
    const isCounted = restarts > 0 && Number.isFinite(restarts);
    return role === "worker" && (plan.kubernetes.workers === WorkerKind.IndexedJob || isCounted);
}
