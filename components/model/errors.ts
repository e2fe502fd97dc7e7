import * as pulumi from "@pulumi/pulumi";
import { isLater } from "./inputs";
import { harmlessLines } from "../output/harmless";
import { endDebugging, prepareRejections } from "../program/rejections";

/**
 * An error about a session, shown by Pulumi as a clean text under the resource that it is about.
 *
 * It may reject the inputs of many resources at once, so two things of the SDK need care: serializing a rejected input writes
 * the property's name into the message (ours stays as it is), and the runtime prints each rejection with `util.inspect`, which
 * would walk through the whole resource graph (20 s of CPU for 12 workers; ours shows its text).
 */
export class SessionError extends pulumi.ResourceError {
    constructor(quoting: string, resource: pulumi.Resource) {
        // It may quote engines, a daemon or a cluster.
        const text = harmlessLines(quoting);
        super(text, resource, true);
        Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
        Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => text });
        endDebugging();
    }
}

prepareRejections((reason) => reason instanceof SessionError);

/** One thing that is wrong with the arguments. */
export interface Problem {
    /** The property, such as `workers.n`. */
    path: string;
    /** What is wrong with it, with its value, and what is allowed. */
    reason: string;
}

/** The text of all problems, one line each. */
export function describeProblems(subject: string, problems: Problem[]): string {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    return [`${subject} has ${count}:`, ...problems.map(({ path, reason }) => `  ${path}: ${reason}`)].join("\n");
}

/** A value as it is shown in a text: `"x"`, `-1`, `[1,2]`; cut where it is long. */
export function show(value: unknown): string {
    const text = asJson(value);
    return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

/** A secret value as it is shown in a text: its type alone. */
export function hide(value: unknown): string {
    const type = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
    return `[secret] (${type})`;
}

function asJson(value: unknown): string {
    if (isLater(value)) {
        return "[an Output or a Promise]";
    }
    if (typeof value === "number" || typeof value === "bigint") {
        return String(value);
    }
    try {
        return JSON.stringify(value) ?? typeof value;
    } catch (error) {
        return /circular/i.test(String(error)) ? "[circular object]" : "[object]";
    }
}
