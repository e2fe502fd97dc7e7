import * as pulumi from "@pulumi/pulumi";
import { Plan } from "../model/plan";
import { EngineState, formatFailure, quoteLines } from "./engineState";
import { CreatedEngine, EngineHost } from "./runtime";

/** What the parts of the observing share. */
export interface Watch {
    host: EngineHost;
    plan: Plan;
    /** Aborts when nobody waits any more. */
    signal: AbortSignal;
    /** Reports that an engine has failed, or was taken away, and is started again. */
    reportRestart(id: string, failed: EngineState): void;
}

/** Why `up` cannot go on, and the resource under which the text is shown (the session's own where none is named). */
export interface Failure {
    text: string;
    resource?: pulumi.Resource;
}

const quotedLines = 20;

/** Describes how an engine failed, with the end of its output. */
export async function describeFailure(
    { host, plan }: Watch,
    { engine, id }: CreatedEngine,
    state: EngineState,
    when = "",
): Promise<string> {
    const reason = `${engine.name} ${formatFailure(state)}${when}.`;
    // An engine that never started has printed nothing.
    const text = state.startError ? reason : `${reason} ${await quoteOutput(host, id)}`;
    return plan.hasPool && programsOfPool.test(state.startError ?? text) ? `${text}\n${poolRemedy}` : text;
}

const poolRemedy =
    "With workers that run no script, code or command, the images need the package cdsw: docs/stack.md says how to install it.";

/** What a backend, or a program in the engine, says of an image without them. */
const programsOfPool = /\bcdsw-(launcher|agent)\b.*(not found|No such file)/;

/** The end of an engine's output as a quotation. */
export async function quoteOutput(host: EngineHost, id: string): Promise<string> {
    return quoteLines(await host.readTail(id), quotedLines);
}
