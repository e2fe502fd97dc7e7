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
