import { NoAnswer, patienceMs, pause } from "../../observing/time";

/** How long to wait before the daemon is asked again. */
const reconnectMs = 500;

/** Asks the daemon and, where it is away for a moment (a restart, a lost connection), asks again. An answer that is an error is one. */
export async function withRetry<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
        try {
            return await ask();
        } catch (error) {
            const { statusCode } = error as { statusCode?: number };
            if (signal?.aborted || statusCode !== undefined) {
                throw error;
            }
            if (Date.now() > deadline) {
                throw new NoAnswer("The Docker daemon", formatDaemonError(error));
            }
            await pause(reconnectMs, signal);
        }
    }
}

/** What the daemon says of something, or undefined where it does not exist. */
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
    return (json?.message ?? message ?? String(error)).trim().replace(/\s+/g, " ");
}
