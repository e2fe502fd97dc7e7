import * as pulumi from "@pulumi/pulumi";
import { Engine } from "../model/outputs";
import { Plan, PlannedEngine } from "../model/plan";
import { EngineState, quoteLines, formatFailure } from "./engineState";

/** What a backend tells of the engines that it runs, each known by its key: a container's id, or a pod's name. */
export interface EngineHost {
    /** Looks at an engine; one that does not exist is seen as stopped. */
    inspect(key: string): Promise<EngineState>;
    /** Waits until an engine runs, has ended, or will not start, and looks at it. */
    untilStarted(key: string, signal: AbortSignal): Promise<EngineState>;
    /**
     * Waits until an engine has ended or will never run, and looks at it. One that the backend starts again has not ended: each time, how
     * it had failed is told.
     */
    untilEnded(key: string, signal: AbortSignal, restarted: (seen: EngineState) => void): Promise<EngineState>;
    /** The end of what an engine printed; undefined where it cannot be read. */
    readTail(key: string): Promise<string | undefined>;
    /** Whether the session has a worker, in whatever state. */
    hasWorkers(): Promise<boolean>;
}

/** What all parts of the observing share. */
export interface Watch {
    host: EngineHost;
    plan: Plan;
    /** Tells that nobody waits any more. */
    signal: AbortSignal;
    /** Tells the user that an engine has failed and was started again. */
    reportRestart(id: string, failed: EngineState): void;
}

/** An engine of the session and the resource that it is known by. */
export interface CreatedEngine {
    engine: PlannedEngine;
    resource: pulumi.Resource;
    /** What the backend knows it by. */
    id: string;
    urn: string;
    /** Whether other engines are of the same resource, so that it is never made anew for this one alone. */
    isOneOfMany?: boolean;
}

/** Why `up` cannot go on, and the resource under which the text is shown (the session's own where none is named). */
export interface Failure {
    text: string;
    resource?: pulumi.Resource;
}

const quotedLines = 20;

/** Says how an engine failed, with the end of its output. */
export async function describeFailure(
    { host }: Watch,
    { engine, id }: CreatedEngine,
    seen: EngineState,
    when = "",
): Promise<string> {
    const reason = `${engine.name} ${formatFailure(seen)}${when}.`;
    // What was never started has printed nothing, and its backend has nothing to read.
    return seen.startError ? reason : `${reason} ${await quoteOutput(host, id)}`;
}

/** The end of an engine's output as a quotation. */
export async function quoteOutput(host: EngineHost, id: string): Promise<string> {
    return quoteLines(await host.readTail(id), quotedLines);
}

/** What an observer tells of an engine; its address where the backend decides it, and not the plan. */
export type ObservedEngine = Omit<Engine, "ip"> & { ip?: string };

/**
 * Tells how an engine was seen. Its output is told once it has ended (until then, it would be another one at each `up`), unless that
 * is not wanted.
 */
export async function report(
    host: EngineHost,
    created: CreatedEngine,
    seen: EngineState,
    withOutput = true,
): Promise<ObservedEngine> {
    const { id = created.id, ip, status, exitCode } = seen;
    return {
        name: created.engine.name,
        id,
        status,
        ...(ip === undefined ? {} : { ip }),
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(exitCode === undefined || !withOutput ? {} : { logs: await host.readTail(created.id) }),
    };
}

/** Tells, under its resource, that an engine has failed and is started again. */
export class Restarts {
    private readonly engines = new Map<string, CreatedEngine>();

    know(created: CreatedEngine): void {
        this.engines.set(created.id, created);
    }

    readonly report = (id: string, failed: EngineState): void => {
        const { engine, resource } = this.engines.get(id)!;
        const { restarts } = engine.template;
        const count = restarts === Infinity ? "" : ` (${failed.restarts} of ${restarts})`;
        const text = `${engine.name} ${formatFailure({ ...failed, restarts: 0 })}, and is started again${count}.`;
        void pulumi.log.warn(text, resource);
    };
}
