/**
 * Calls the SDK without stack traces. It notes one for each promise of its own, in case that never settles: 300 for a container, which took
 * half of the program's time, and one for each line that is shown. What the call throws has no trace either.
 */
export function withoutTraces<T>(call: () => T): T {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
        return call();
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}
