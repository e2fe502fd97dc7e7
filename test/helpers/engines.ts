import * as pulumi from "@pulumi/pulumi";
import { FoundEngine } from "../../components/observing/replacements";
import { CreatedEngine } from "../../components/observing/runtime";
import { EngineState } from "../../components/observing/engineState";
import { planSession, workersOf } from "../../components/model/plan";
import { PartialArgs, sessionArgs } from "./session";

/** The engines of a session called `s` as if they were created: the master first; `w1` is the id of the first worker, and `urn:w1` its URN. */
export function createdEngines(changes: PartialArgs = {}): CreatedEngine[] {
    const plan = planSession("s", sessionArgs(changes));
    return [plan.master, ...workersOf(plan)].map((engine) => {
        const id = engine.rank === 0 ? "m" : `w${engine.rank}`;
        const resource = { urn: pulumi.output(`urn:${id}`) } as unknown as pulumi.Resource;
        return { engine, resource, id, urn: `urn:${id}` };
    });
}

/** An engine that failed, and how. */
export function failed(changes: Partial<EngineState> = {}): EngineState {
    return { status: "failed", exitCode: 3, ...changes };
}

/** An engine that is there when `up` begins: healthy and attended, but for these changes. */
export function foundEngine(rank: number, seen: Partial<EngineState> = {}, isLeftover = false): FoundEngine {
    return { rank, token: `old-${rank}`, state: { status: "running", ...seen }, isLeftover };
}
