import type Docker from "dockerode";
import * as pulumi from "@pulumi/pulumi";
import { Plan, PlannedEngine } from "../plan";
import { quoteLines, sayFailure, Sighting } from "../verdict";
import { readTail } from "./logs";

/** What all parts of the observing share. */
export interface Watch {
    docker: Docker;
    plan: Plan;
    /** Which session it is, as its labels say. */
    identity: string;
    /** The host's clock at the start, in ms: an engine that was started later is of this `up`. */
    hostTime: number;
    /** Tells that nobody waits any more. */
    signal: AbortSignal;
}

/** A container of the session and the resource that it is known by. */
export interface CreatedEngine {
    engine: PlannedEngine;
    resource: pulumi.Resource;
    id: string;
    urn: string;
}

/** Why `up` cannot go on, and the resource under which the text is shown (the session's own where none is named). */
export interface Failure {
    text: string;
    resource?: pulumi.Resource;
}

const quotedLines = 20;

/** Says how an engine failed, with the end of its output. */
export async function describeFailure(
    docker: Docker,
    { engine, id }: CreatedEngine,
    seen: Sighting,
    when = "",
): Promise<string> {
    return `${engine.name} ${sayFailure(seen)}${when}. ${await quoteOutput(docker, id)}`;
}

/** The end of an engine's output as a quotation. */
export async function quoteOutput(docker: Docker, id: string): Promise<string> {
    return quoteLines(await readTail(docker, id), quotedLines);
}

/** The way out that is always there. */
export function sayHowToRunAgain(engines: CreatedEngine[]): string {
    const flags = engines.map(({ urn }) => `--replace '${urn}'`).join(" ");
    return `To run ${engines.length === 1 ? "it" : "them"} again: pulumi up ${flags}`;
}
