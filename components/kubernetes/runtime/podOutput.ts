import * as pulumi from "@pulumi/pulumi";
import { PassThrough } from "stream";
import { Plan, workerCount } from "../../model/plan";
import { isFailure, EngineState } from "../../observing/engineState";
import { Following, followText, Mask } from "../../observing/output";
import { CreatedEngine, EngineHost, ObservedEngine, report } from "../../observing/runtime";
import { containerName } from "../names";
import { Cluster, codeOf, formatClusterError } from "./cluster";

/** Follows a Pod's output line by line, in small batches: from its start, or from now on. */
export async function followPod(
    { log, namespace }: Cluster,
    { name, fromStart }: { name: string; fromStart: boolean },
    mask: Mask,
    show: (lines: string) => Promise<void>,
): Promise<Following> {
    void pulumi.log.debug(`Kubernetes: following the output of the Pod ${name}`);
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

/** Whether the output of every engine is shown and reported, or only that of engines that fail. */
export function reportsOutput(plan: Plan): boolean {
    return workerCount(plan) <= mostOutputs;
}

/** Reports the state of an engine. */
export function reportPod(
    host: EngineHost,
    engine: CreatedEngine,
    seen: EngineState,
    plan: Plan,
): Promise<ObservedEngine> {
    return report(host, engine, seen, reportsOutput(plan) || isFailure(seen));
}

/** Reports output that cannot be followed: as debug output each time, and as one warning a session where a right is missing. */
export class MissingOutput {
    private hasWarned = false;

    constructor(private readonly session: pulumi.Resource) {}

    report(engine: string, error: unknown): void {
        const reason = formatClusterError(error);
        void pulumi.log.debug(`Kubernetes: the output of ${engine} cannot be followed: ${reason}`, this.session);
        if (codeOf(error) === 403 && !this.hasWarned) {
            this.hasWarned = true;
            const text = `The output of the engines is not shown: ${reason}. Grant the right to get pods/log in the session's namespace.`;
            void pulumi.log.warn(text, this.session);
        }
    }
}
