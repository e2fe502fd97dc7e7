const intervalMs = 200;

/** Waits until something holds, and returns what it found. Fails after a time, with what was waited for. */
export async function eventually<T>(
    what: string,
    withinMs: number,
    check: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
    for (const start = Date.now(); Date.now() - start < withinMs;) {
        const found = await check();
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
    throw new Error(`${what} did not come within ${withinMs / 1000} s`);
}
