import { Plan, PlannedEngine } from "../plan";
import { WorkerKind } from "./options";

/** Whether a Job makes the Pods of an engine: it alone counts how often one is tried again. */
export function makesJobs(plan: Plan, { environment, restarts }: PlannedEngine): boolean {
    const isCounted = restarts > 0 && Number.isFinite(restarts);
    return environment.role === "worker" && (plan.kubernetes.workers === WorkerKind.IndexedJob || isCounted);
}
