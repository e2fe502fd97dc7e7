/** A timer for longer goes off at once. */
const longestTimerMs = 2 ** 31 - 1;

/** What a promise gives, or undefined when it takes longer than that (0 or less: no limit). */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
    if (ms <= 0) {
        return promise;
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), Math.min(ms, longestTimerMs));
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

/** Lets some time pass; less where a signal tells that nobody waits any more. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
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

/** Nobody has answered for so long that it makes no sense to wait on. */
export class NoAnswer extends Error {
    constructor(
        /** Who has not, as the start of a sentence: `The Docker daemon`. */
        who: string,
        /** What was heard instead. */
        reason: string,
    ) {
        const fate = "The engines may run on; the next pulumi up looks after them again.";
        super(`${who} has not answered for ${patienceMs / 1000} s (${reason}). ${fate}`);
    }
}
