import { PassThrough } from "stream";
import { Plan, workerCount } from "../../model/plan";
import { isFailure, EngineState } from "../../observing/engineState";
import { Following, followText, Mask } from "../../observing/output";
import { CreatedEngine, EngineHost, ObservedEngine, report } from "../../observing/runtime";
import { containerName } from "../resources/pod";
import { Cluster } from "./cluster";

/** Hands over a Pod's output, line by line and in small batches: all of it, or what comes from now on. */
export async function followPod(
    { log, namespace }: Cluster,
    name: string,
    fromStart: boolean,
    mask: Mask,
    show: (lines: string) => Promise<void>,
): Promise<Following> {
    const text = new PassThrough();
    const ended = new Promise<void>((resolve) => {
        text.on("end", resolve);
        text.on("close", resolve);
        text.on("error", () => resolve());
    });
    const connection = await log.log(namespace, name, containerName, text, {
        follow: true,
        ...(fromStart ? {} : { tailLines: 0 }),
    });
    const end = () => {
        connection.abort();
        text.destroy();
    };
    return followText({ text, ended, end }, mask, show);
}

/** Each engine's output is a connection to the API server, and a part of the stack's state. */
const mostOutputs = 100;

/** Whether the output of every engine is shown and told, or that of the engines that fail alone. */
export function reportsOutput(plan: Plan): boolean {
    return workerCount(plan) <= mostOutputs;
}

/** Tells how an engine was seen. */
export function reportPod(
    host: EngineHost,
    engine: CreatedEngine,
    seen: EngineState,
    plan: Plan,
): Promise<ObservedEngine> {
    return report(host, engine, seen, reportsOutput(plan) || isFailure(seen));
}
