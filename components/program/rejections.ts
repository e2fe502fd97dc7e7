import type { Session } from "inspector";
import { isRunByCli } from "./mode";

/** V8's debugger in this process, which the SDK switches on to find the sources of functions. */
let debugging: Session | undefined;

/**
 * Switches V8's debugger off. While it is on, each error that is thrown in an async function makes V8 search all promises that depend on
 * the function, once for every path to each: a session's outputs have so many that this took 3 GB of memory.
 */
export function endDebugging(): void {
    debugging?.post("Debugger.disable");
    debugging = undefined;
}

async function findDebugger(): Promise<void> {
    /* eslint-disable-next-line @typescript-eslint/no-require-imports -- The SDK keeps it internal: it may be missing one day. */
    const hooks = require("@pulumi/pulumi/runtime/closure/v8Hooks") as { getSessionAsync(): Promise<Session> };
    debugging = await hooks.getSessionAsync();
}

/**
 * Has the SDK show these rejections under their resource. It has two handlers, and once the program's last line has run, the first one
 * shows a stack trace under the stack, unless the last one, which knows resources, was called before it.
 */
function showUnderResource(isOurs: (reason: unknown) => boolean): void {
    process.prependListener("unhandledRejection", function show(reason, promise) {
        if (isOurs(reason)) {
            const others = process.listeners("unhandledRejection").filter((listener) => listener !== show);
            others.reverse().forEach((listener) => listener(reason, promise));
        }
    });
}

/** What is called with an error that nobody handles. */
const listeners = new Set<(error: unknown) => void>();

/**
 * Reports each error that nobody handles, until the signal is aborted: the program has failed, and the SDK never settles the outputs of
 * resources that depend on such an error. Only in a process that Pulumi's CLI has started.
 */
export function onUnhandledError(signal: AbortSignal, listener: (error: unknown) => void): void {
    listeners.add(listener);
    signal.addEventListener("abort", () => listeners.delete(listener));
}

/** Prepares the process for the rejection of a session's outputs by such errors. Only in a process that Pulumi's CLI has started. */
export function prepareRejections(isOurs: (reason: unknown) => boolean): void {
    if (isRunByCli()) {
        findDebugger().catch(() => undefined);
        showUnderResource(isOurs);
        process.on("unhandledRejection", (error) => listeners.forEach((listener) => listener(error)));
    }
}
