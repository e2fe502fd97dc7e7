import * as pulumi from "@pulumi/pulumi";
import { isRunByCli } from "./mode";

const intervalMs = 1000;
/** The state of a gRPC channel whose other end takes no connections. */
const transientFailure = 3;

/** The SDK's connection to Pulumi. Its other connection, to the resource monitor, may lead to a proxy that survives Pulumi. */
interface PulumiConnection {
    getChannel?(): { getConnectivityState(connect: boolean): number };
}

/**
 * Settles when Pulumi was killed. The program survives that, and the SDK ends quietly when an operation of its own fails: waiting for
 * engines to end would keep the program for ever. It never settles once the signal says that nobody waits any more.
 */
export function whenPulumiIsGone(signal: AbortSignal): Promise<void> {
    const connection = pulumi.runtime.getEngine() as PulumiConnection | undefined;
    return new Promise((resolve) => {
        let failures = 0;
        const checking = setInterval(() => {
            const state = connection?.getChannel?.().getConnectivityState(true);
            failures = state === transientFailure ? failures + 1 : 0;
            if (failures === 2) {
                resolve();
            }
        }, intervalMs);
        // It keeps no program from ending.
        checking.unref();
        signal.addEventListener("abort", () => clearInterval(checking));
    });
}

/** How long clearing up may take. */
const clearUpMs = 5000;

/**
 * Clears up when Pulumi was killed, and ends the program then. It would not end by itself: nobody reads its output, and the SDK answers
 * that error by printing another one, for ever, until the machine's memory is full.
 */
export function endWithPulumi(signal: AbortSignal, clearUp: () => Promise<void>): void {
    void whenPulumiIsGone(signal).then(clearUp);
    if (isRunByCli()) {
        // Also when nobody waits any more: the SDK itself may still wait for Pulumi.
        void whenPulumiIsGone(new AbortController().signal).then(endLater);
    }
}

function endLater(): void {
    setTimeout(() => process.exit(1), clearUpMs).unref();
}
