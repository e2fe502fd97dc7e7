import * as pulumi from "@pulumi/pulumi";
import { Plan, PlannedEngine } from "../plan";
import { EngineHost } from "./engineHost";
import { Sighting, quoteLines, sayFailure } from "./verdict";

/** What all parts of the observing share. */
export interface Watch {
    host: EngineHost;
    plan: Plan;
    /** Tells that nobody waits any more. */
    signal: AbortSignal;
    /** Tells the user that an engine has failed and was started again. */
    tellRestart(id: string, failed: Sighting): void;
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
    seen: Sighting,
    when = "",
): Promise<string> {
    const reason = `${engine.name} ${sayFailure(seen)}${when}.`;
    // What was never started has printed nothing, and its backend has nothing to read.
    return seen.startError ? reason : `${reason} ${await quoteOutput(host, id)}`;
}

/** The end of an engine's output as a quotation. */
export async function quoteOutput(host: EngineHost, id: string): Promise<string> {
    return quoteLines(await host.readTail(id), quotedLines);
}
