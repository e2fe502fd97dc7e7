/** A timer for longer goes off at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * What a promise gives, or undefined when it takes longer than that (0 or less: no limit). Once the signal says that nobody waits any more,
 * it fails with the signal's reason, and no timer keeps the program from ending.
 */
export async function within<T>(ms: number, promise: Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    let abort: () => void = () => undefined;
    const late = new Promise<undefined>((resolve, reject) => {
        abort = () => reject(signal!.reason as Error);
        if (ms > 0) {
            timer = setTimeout(() => resolve(undefined), Math.min(ms, longestTimerMs));
        }
    });
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) {
        abort();
    }
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
    }
}

/** Lets some time pass; less where a signal says that nobody waits any more. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        if (signal?.aborted) {
            resolve();
            return;
        }
        const end = () => {
            clearTimeout(timer);
            signal?.removeEventListener("abort", end);
            resolve();
        };
        const timer = setTimeout(end, ms);
        signal?.addEventListener("abort", end);
    });
}

/** How long a daemon or an API server may be away: a restart, or a lost connection, is over by then. */
export const patienceMs = 30_000;

/** How long a daemon or an API server that is there may take. */
export interface Patience {
    /** How long it may take to answer a request, in ms. */
    answerMs: number;
    /** The same of a request that changes something, such as the removal of a container. */
    changeMs: number;
    /** How long a large answer that has begun may take, in ms: a list of thousands over a slow line. */
    readMs: number;
    /** How often it is asked for a sign of life while something is followed, in ms. */
    pingEveryMs: number;
}

/** Who says nothing is named within half a minute. */
export const defaultPatience: Patience = { answerMs: 15_000, changeMs: 25_000, readMs: 60_000, pingEveryMs: 5000 };

/** Nobody has answered for so long that it makes no sense to wait on. */
export class NoAnswer extends Error {
    /** For how long. */
    readonly seconds: number;

    constructor(
        /** What has not answered, as the start of a sentence: `The Docker daemon`. */
        who: string,
        /** The last error, or what was asked. */
        reason: string,
        /** For how long, in ms. */
        ms = patienceMs,
    ) {
        super(`${who} has not answered for ${ms / 1000} s (${reason}).`);
        this.seconds = ms / 1000;
    }
}
