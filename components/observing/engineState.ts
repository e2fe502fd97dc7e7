import { Status } from "../model/outputs";
import { formatMib } from "../model/units";

/** What a backend sees of one engine. */
export interface EngineState {
    status: Status;
    exitCode?: number;
    /** Whether the kernel killed one of its processes for memory. */
    outOfMemory?: boolean;
    /** Its memory limit in MiB, where known. */
    memoryMib?: number;
    /** What kept it from starting, in the backend's words. */
    startError?: string;
    /** Whether it does not exist any more. */
    isGone?: boolean;
    /** Why the backend took it away, in its words. */
    takenAway?: string;
    /** How often the backend has started it again. */
    restarts?: number;
    /** Whether this `up` started it. */
    isNew?: boolean;
    /** What the backend calls it, where that is not what the plan's resource is known by. */
    id?: string;
    /** Its address, where the backend decides it. */
    ip?: string;
}

/** Whether a sighting is one that a session does not go on with. */
export function isFailure({ status }: EngineState): boolean {
    return status === Status.Failed || status === Status.Stopped;
}

/** Why an engine failed, as the rest of a sentence that starts with its name. */
export function formatFailure(seen: EngineState): string {
    if (seen.takenAway) {
        return `was ended by the cluster: ${seen.takenAway}`;
    }
    if (seen.startError) {
        return `could not be started: ${seen.startError}`;
    }
    if (seen.outOfMemory) {
        const limit = seen.memoryMib === undefined ? "" : ` of ${formatMib(seen.memoryMib)}`;
        return `was killed because it used more memory than its limit${limit} (exit code ${seen.exitCode})`;
    }
    if (seen.isGone) {
        return "is gone: something else than Pulumi removed it";
    }
    if (seen.status === Status.Stopped) {
        return "was never started";
    }
    const signal = seen.exitCode !== undefined && seen.exitCode > 128 ? `, which is signal ${seen.exitCode - 128}` : "";
    const { restarts = 0 } = seen;
    const again = restarts === 0 ? "" : ` after ${restarts} restart${restarts === 1 ? "" : "s"}`;
    return `ended with exit code ${seen.exitCode}${signal}${again}`;
}

/** The last lines of an engine's output, set off from the text around them. */
export function quoteLines(logs: string | undefined, most: number): string {
    if (logs === undefined) {
        return "Its output cannot be read.";
    }
    const lines = logs.trimEnd().split("\n").slice(-most);
    return lines.join("") === ""
        ? "It printed nothing."
        : ["Its last lines:", ...lines.map((line) => `  | ${line}`)].join("\n");
}
