import * as pulumi from "@pulumi/pulumi";
import { OnWorkerFailure, Wait } from "../model/args";
import { Status } from "../model/outputs";
import { Plan, PlannedEngine, workersOf } from "../model/plan";
import { EngineState, isFailure, formatFailure } from "./engineState";

/** An engine of the session that is there when `up` begins. */
export interface FoundEngine {
    rank: number;
    /** The word on it that changes when it is to be made anew. */
    token: string;
    state: EngineState;
    /** Whether an `up` ended before it saw to it: Pulumi may know of it or not. */
    isLeftover: boolean;
}

/** What becomes of the engines that are there. */
export interface Replacements<Found extends FoundEngine> {
    /** Those that go before anything is created; one that Pulumi knows of is replaced, because its generation is another one. */
    removed: Found[];
    kept: Found[];
    /** Those of the kept that have failed and are made anew. */
    recreated: Found[];
    /** The generation of each engine of the plan, by rank. */
    tokens: ReadonlyMap<number, string>;
}

/**
 * Decides which engines are made anew. A resource counts as created whatever becomes of its engine, so nothing else would make one run
 * again that has failed, is gone, or was left behind by an `up` that was killed. Workers do not outlive their master: they would call the
 * next one at the address of the last.
 */
export function planReplacements<Found extends FoundEngine>(
    plan: Plan,
    found: Found[],
    fresh: string,
): Replacements<Found> {
    const hasMaster = found.some((each) => isMaster(each) && !each.isLeftover);
    const isKept = (each: Found) => !each.isLeftover && (isMaster(each) || hasMaster);
    const kept = found.filter(isKept);
    const hasWorkers = kept.some((each) => !isMaster(each));
    const engines = [plan.master, ...workersOf(plan)].map((engine) => {
        const there = kept.find(({ rank }) => rank === engine.rank);
        const isRenewed = there !== undefined && mustRecreate(plan, engine, there.state, hasWorkers);
        return { rank: engine.rank, there, isRenewed };
    });
    return {
        removed: found.filter((each) => !isKept(each)),
        kept,
        recreated: engines.flatMap(({ there, isRenewed }) => (isRenewed ? [there!] : [])),
        tokens: new Map(engines.map(({ rank, there, isRenewed }) => [rank, there && !isRenewed ? there.token : fresh])),
    };
}

/** A word that no generation had before: the time, in ms. */
export function freshToken(time: number): string {
    return time.toString(36);
}

/** A master whose workers are there is not made anew by itself: it would take them along, with what they have done. */
function mustRecreate(plan: Plan, engine: PlannedEngine, seen: EngineState, hasWorkers: boolean): boolean {
    if (isMaster(engine)) {
        const endedEarly = seen.status === Status.Succeeded && plan.master.ports.length > 0;
        return !hasWorkers && (isFailure(seen) || (endedEarly && workersOf(plan).length > 0));
    }
    return isFailure(seen) && plan.wait !== Wait.None && plan.onWorkerFailure === OnWorkerFailure.Fail;
}

function isMaster({ rank }: { rank: number }): boolean {
    return rank === 0;
}

/** Tells how the engines had failed that are made anew: nobody may have seen it, where no `up` was there. */
export async function reportRecreated(plan: Plan, recreated: FoundEngine[], session: pulumi.Resource): Promise<void> {
    for (const { rank, state } of recreated) {
        const engine = [plan.master, ...workersOf(plan)].find((each) => each.rank === rank)!;
        await pulumi.log.warn(`${engine.name} ${formatFailure(state)}. It is run again.`, session);
    }
}

/** Tells what was removed that Pulumi may not know of. */
export async function reportRemoved(names: string[], session: pulumi.Resource): Promise<void> {
    if (names.length > 0) {
        const text = `Removed what an up that was ended, or a master that is gone, had left: ${names.join(", ")}.`;
        await pulumi.log.info(text, session);
    }
}
