import * as pulumi from "@pulumi/pulumi";
import { OnWorkerFailure, Wait } from "../model/args";
import { Status } from "../model/outputs";
import { EngineIdentity, aliasOf } from "../model/labels";
import { Plan, enginesOf, workersOf } from "../model/plan";
import { EngineState, isFailure, formatFailure } from "./engineState";
import { inform, warn } from "../program/console";

/** An engine of the session that exists when `up` begins. */
export interface FoundEngine extends EngineIdentity {
    /** The token whose change forces its replacement. */
    token: string;
    state: EngineState;
    /** Whether the `up` that created it was killed before it attended to it: Pulumi may know of it or not. */
    isLeftover: boolean;
}

/** What becomes of the engines that exist. */
export interface Replacements<Found extends FoundEngine> {
    /** Those that are removed before anything is created. One that Pulumi knows of is replaced, because its token changes. */
    removed: Found[];
    kept: Found[];
    /** Those of the kept that have failed and are recreated. */
    recreated: Found[];
    /** The token of each engine of the plan, by alias. */
    tokens: ReadonlyMap<string, string>;
}

/**
 * Decides which engines are recreated. Pulumi takes a resource for created whatever its engine does, so nothing else would recreate an
 * engine that failed, is gone, or is the leftover of a killed `up`. Workers go with their master: they would call the next one at the
 * address of the last.
 */
export function planReplacements<Found extends FoundEngine>(
    plan: Plan,
    found: Found[],
    fresh: string,
): Replacements<Found> {
    const hasMaster = found.some((each) => isMaster(each) && !each.isLeftover);
    const isKept = (each: Found) => !each.isLeftover && (isMaster(each) || hasMaster);
    const kept = found.filter(isKept);
    const isRecreated = kept.some((each) => !isMaster(each))
        ? recreatedWorkers(plan, kept.find(isMaster)?.state)
        : recreatedMaster(plan);
    // Of several, the first counts.
    const existingOf = new Map([...kept].reverse().map((each) => [aliasOf(each), each]));
    const engines = enginesOf(plan).map(({ alias }) => {
        const existing = existingOf.get(alias);
        return { alias, existing, isStaying: existing !== undefined && !isRecreated(existing) };
    });
    return {
        removed: found.filter((each) => !isKept(each)),
        kept,
        recreated: engines.flatMap(({ existing, isStaying }) => (existing && !isStaying ? [existing] : [])),
        tokens: new Map(engines.map(({ alias, existing, isStaying }) => [alias, isStaying ? existing!.token : fresh])),
    };
}

/** Whether a master in this state serves no worker any more. */
export function hasEnded(plan: Plan, master: EngineState): boolean {
    const serves = plan.master.awaitedPorts.length > 0 || plan.wait === Wait.Master;
    return isFailure(master) || (master.status === Status.Succeeded && serves);
}

/** A token that no engine had before: the time, in ms. */
export function freshToken(time: number): string {
    return time.toString(36);
}

/** Where workers exist, the master stays: recreating it would recreate them and lose their work. And no worker starts without it. */
function recreatedWorkers(plan: Plan, master: EngineState | undefined): (each: FoundEngine) => boolean {
    const recreates = plan.wait !== Wait.None && plan.onWorkerFailure === OnWorkerFailure.Fail;
    const canStart = master !== undefined && !hasEnded(plan, master);
    return (each) => !isMaster(each) && recreates && canStart && isFailure(each.state);
}

function recreatedMaster(plan: Plan): (each: FoundEngine) => boolean {
    const isNeeded = workersOf(plan).length > 0;
    return ({ state }) => isFailure(state) || (isNeeded && hasEnded(plan, state));
}

function isMaster({ rank }: { rank: number }): boolean {
    return rank === 0;
}

/** Reports how the engines failed that are recreated: they may have failed while no `up` ran. */
export async function reportRecreated(plan: Plan, recreated: FoundEngine[], session: pulumi.Resource): Promise<void> {
    const names = new Map(enginesOf(plan).map(({ alias, name }) => [alias, name]));
    for (const each of recreated) {
        await warn(`${names.get(aliasOf(each))!} ${formatFailure(each.state)}; running it again.`, session);
    }
}

/** Reports what was removed that Pulumi may not know of. */
export async function reportRemoved(names: string[], session: pulumi.Resource): Promise<void> {
    if (names.length > 0) {
        const text = `Removed leftovers of an interrupted pulumi up or of a deleted master: ${names.join(", ")}.`;
        await inform(text, session);
    }
}
