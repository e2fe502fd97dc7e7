import * as pulumi from "@pulumi/pulumi";
import { isRunByCli } from "../model/program";

const glanceMs = 1000;
/** The state of a gRPC channel whose other end takes no connections. */
const transientFailure = 3;

/** What there is of the SDK's connection to the engine. The one to the monitor may lead to a proxy, which survives too. */
interface PulumiEngine {
    getChannel?(): { getConnectivityState(connect: boolean): number };
}

/**
 * Settles when Pulumi's engine was killed. The program survives it, and the SDK ends quietly when an operation of its own fails: what
 * waits for engines to end would keep the program for ever. It never settles once the signal tells that nobody waits any more.
 */
export function whenPulumiIsGone(signal: AbortSignal): Promise<void> {
    const engine = pulumi.runtime.getEngine() as PulumiEngine | undefined;
    return new Promise((resolve) => {
        let failures = 0;
        const glancing = setInterval(() => {
            const state = engine?.getChannel?.().getConnectivityState(true);
            failures = state === transientFailure ? failures + 1 : 0;
            if (failures === 2) {
                resolve();
            }
        }, glanceMs);
        // It keeps no program from ending.
        glancing.unref();
        signal.addEventListener("abort", () => clearInterval(glancing));
    });
}

/** How long what is to be cleared up may take. */
const clearUpMs = 5000;

/**
 * Has something cleared up when Pulumi's engine was killed, and ends the program then. It would not end by itself: nobody reads what it
 * prints, and the SDK answers the error of that by printing another, without an end, until the machine's memory is full.
 */
export function endWithPulumi(signal: AbortSignal, clearUp: () => Promise<void>): void {
    void whenPulumiIsGone(signal).then(clearUp);
    if (isRunByCli()) {
        // Also when nobody waits any more: the SDK itself may still wait for the engine.
        void whenPulumiIsGone(new AbortController().signal).then(endLater);
    }
}

function endLater(): void {
    setTimeout(() => process.exit(1), clearUpMs).unref();
}
