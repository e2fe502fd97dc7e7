import { EngineHost } from "../observing/engineHost";
import { ObservedEngine, report } from "../observing/report";
import { Sighting, isFailure } from "../observing/verdict";
import { CreatedEngine } from "../observing/watch";
import { Plan, workersOf } from "../plan";

/** Each engine's output is a connection to the API server, and a part of the stack's state. */
const mostOutputs = 100;

/** Whether the output of every engine is shown and told, or that of the engines that fail alone. */
export function tellsOutput(plan: Plan): boolean {
    return workersOf(plan).length <= mostOutputs;
}

/** Tells how an engine was seen. */
export function reportPod(
    host: EngineHost,
    engine: CreatedEngine,
    seen: Sighting,
    plan: Plan,
): Promise<ObservedEngine> {
    return report(host, engine, seen, tellsOutput(plan) || isFailure(seen));
}
