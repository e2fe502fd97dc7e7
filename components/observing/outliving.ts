import { isRunByCli } from "../runByCli";
import { whenEngineIsGone } from "./engineGone";

/** How long what is to be cleared up may take. */
const clearUpMs = 5000;

/**
 * Has something cleared up when Pulumi's engine was killed, and ends the program then. It would not end by itself: nobody reads what it
 * prints, and the SDK answers the error of that by printing another, without an end, until the machine's memory is full.
 */
export function outliveEngine(signal: AbortSignal, clearUp: () => Promise<void>): void {
    void whenEngineIsGone(signal).then(clearUp);
    if (isRunByCli()) {
        // Also when nobody waits any more: the SDK itself may still wait for the engine.
        void whenEngineIsGone(new AbortController().signal).then(endLater);
    }
}

function endLater(): void {
    setTimeout(() => process.exit(1), clearUpMs).unref();
}
