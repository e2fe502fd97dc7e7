import { Sighting } from "./verdict";
import { CreatedEngine } from "./watch";

const mostNamed = 10;

/** An engine that failed, and how. */
export interface FailedEngine {
    created: CreatedEngine;
    seen: Sighting;
}

/** How to get a master that failed to run again; workers that are there go with it, so that is left to the user. */
export function sayMasterWayOut({ created, seen }: FailedEngine, hasWorkers: boolean): string {
    if (seen.isGone) {
        return `The next pulumi up makes it anew${hasWorkers ? ", and its workers with it" : ""}.`;
    }
    return hasWorkers
        ? `To run it again, and every worker with it: pulumi up --replace '${created.urn}'`
        : "The next pulumi up runs it again.";
}

/** How to get workers that failed to run again; those that are only reported stay as they are until somebody asks. */
export function sayWorkersWayOut(failed: FailedEngine[], areMadeAnew: boolean): string {
    const { isOneOfMany, urn } = failed[0]!.created;
    if (isOneOfMany) {
        return `To run all workers again: pulumi up --replace '${urn}'`;
    }
    const them = failed.length === 1 ? "it" : "them";
    // What is gone is made anew in any case.
    const staying = areMadeAnew ? [] : failed.filter(({ seen }) => !seen.isGone);
    const flags = staying.slice(0, mostNamed).map(({ created }) => `--replace '${created.urn}'`);
    return staying.length === 0
        ? `The next pulumi up runs ${them} again, and no other worker.`
        : `To run ${them} again: pulumi up ${flags.join(" ")}`;
}
