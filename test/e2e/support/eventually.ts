const glanceMs = 200;

/** Waits until something holds, and gives back what it was found to be. Fails after a time, with what was waited for. */
export async function eventually<T>(what: string, withinMs: number, look: () => Promise<T | undefined>): Promise<T> {
    for (const start = Date.now(); Date.now() - start < withinMs;) {
        const seen = await look();
        if (seen) {
            return seen;
        }
        await new Promise((resolve) => setTimeout(resolve, glanceMs));
    }
    throw new Error(`${what} did not come within ${withinMs / 1000} s`);
}
