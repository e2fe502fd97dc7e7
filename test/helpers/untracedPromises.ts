import { createRequire } from "module";

interface Debuggable {
    debuggablePromise: (...args: unknown[]) => unknown;
}

/** The module object itself, which an import would copy. */
const debuggable = createRequire(__filename)("@pulumi/pulumi/runtime/debuggable") as Debuggable;

/** Pulumi writes down where each of its promises was made, which takes most of the time of a program on mocks. */
export function leavePromisesUntraced(): void {
    const { debuggablePromise } = debuggable;
    debuggable.debuggablePromise = (...args) => {
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 0;
        try {
            return debuggablePromise(...args);
        } finally {
            Error.stackTraceLimit = stackTraceLimit;
        }
    };
}
