import { Status } from "../model/outputs";
import { formatMib } from "../model/units";

/** The state of one engine, as its backend reports it. */
export interface EngineState {
    status: Status;
    exitCode?: number;
    /** Whether the kernel killed one of its processes for memory. */
    outOfMemory?: boolean;
    /** Its memory limit in MiB, where known. */
    memoryMib?: number;
    /** What kept it from starting, in the backend's words. */
    startError?: string;
    /** What has to come before the backend starts it by itself, as the rest of a sentence: `there is room`. */
    startsOnce?: string;
    /** Whether somebody has paused it. */
    isPaused?: boolean;
    /** Whether it no longer exists, or is being removed. */
    isGone?: boolean;
    /** How many seconds it was allowed to live, where that has ended it. */
    outlived?: number;
    /** How the backend took it away, as the rest of a sentence that starts with its name. */
    takenAway?: string;
    /** When it ended, in ms of the backend's clock, where known. */
    endedAt?: number;
    /** Whether it is a worker that ended with its master, a job, and so has not failed. */
    hasEndedWithMaster?: boolean;
    /** Whether it runs, and has not joined in time. */
    hasNotJoined?: boolean;
    /** How often it has failed and the backend has started it again; unknown where that is not counted. */
    restarts?: number;
    /** Whether this `up` started it. */
    isNew?: boolean;
    /** The backend's id of it, where that differs from the id of its resource. */
    id?: string;
    /** Its address, where the backend decides it. */
    ip?: string;
}

/** Whether a session does not go on with an engine in this state. */
export function isFailure({ status, hasEndedWithMaster }: EngineState): boolean {
    return (status === Status.Failed || status === Status.Stopped) && !hasEndedWithMaster;
}

/** Why an engine failed, as the rest of a sentence that starts with its name. */
export function formatFailure(state: EngineState): string {
    if (state.outlived !== undefined) {
        return `was ended after ${state.outlived} s, as maxSeconds says`;
    }
    if (state.takenAway) {
        return state.takenAway;
    }
    if (state.startError) {
        return `could not be started: ${state.startError}`;
    }
    if (state.outOfMemory) {
        const limit = state.memoryMib === undefined ? "" : ` of ${formatMib(state.memoryMib)}`;
        return `was killed because it used more memory than its limit${limit} (exit code ${state.exitCode})`;
    }
    if (state.isGone) {
        return "was removed outside Pulumi";
    }
    if (state.status === Status.Stopped) {
        return "was never started";
    }
    if (state.exitCode === 0 && state.status === Status.Failed) {
        return "ended with exit code 0, though it is not to end (workers.restart.always)";
    }
    const signal =
        state.exitCode !== undefined && state.exitCode > 128 ? `, which is signal ${state.exitCode - 128}` : "";
    const { restarts = 0 } = state;
    const again = restarts === 0 ? "" : ` after ${restarts} restart${restarts === 1 ? "" : "s"}`;
    return `ended with exit code ${state.exitCode}${signal}${again}`;
}

/** The last lines of an engine's output, set off from the text around them. */
export function quoteLines(logs: string | undefined, most: number): string {
    if (logs === undefined) {
        return "Its output cannot be read.";
    }
    const lines = logs
        .trimEnd()
        .split(/\r*\n|\r+/)
        .slice(-most);
    return lines.join("") === ""
        ? "It printed nothing."
        : ["Its last lines:", ...lines.map((line) => `  | ${line}`)].join("\n");
}
