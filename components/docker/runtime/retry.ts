import * as pulumi from "@pulumi/pulumi";
import { NoAnswer, patienceMs, pause } from "../../observing/time";

/** How long to wait before the next attempt. */
const reconnectMs = 500;

/** Asks the daemon, again and again while it is away (a restart, a lost connection). An error that it answers with ends that. */
export async function withRetry<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let awaySince: number | undefined;
    for (;;) {
        const asked = Date.now();
        try {
            return await ask();
        } catch (error) {
            const { statusCode } = error as { statusCode?: number };
            if (signal?.aborted || statusCode !== undefined || error instanceof NoAnswer) {
                throw error;
            }
            // What has waited that long was connected.
            if (awaySince === undefined || Date.now() - asked > patienceMs) {
                awaySince = Date.now();
            }
            if (Date.now() - awaySince > patienceMs) {
                throw new NoAnswer("The Docker daemon", formatDaemonError(error));
            }
            void pulumi.log.debug(`The Docker daemon is asked again: ${formatDaemonError(error)}.`);
            await pause(reconnectMs, signal);
        }
    }
}

/** The daemon's answer about something, or undefined where that does not exist: it lists a container a moment before it knows it. */
export async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
        return await ask();
    } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) {
            return undefined;
        }
        throw error;
    }
}

/** The daemon's own words, without the HTTP status around them. */
export function formatDaemonError(error: unknown): string {
    const { json, message } = error as { json?: { message?: string }; message?: string };
    const text = json?.message ?? message?.replace(/^\(HTTP code \d+\) [^-]* - /, "") ?? String(error);
    return text.trim().replace(/\s+/g, " ");
}
