import * as path from "path";
import { Stack } from "../e2e/support/stack";
import { median } from "./median";

/** Pairs of runs: enough for a median within some minutes. */
const pairs = 5;
const allowed = 1.1;

/** The seconds that an `up` of a new stack takes. */
async function secondsOfUp(program: string): Promise<number> {
    const stack = await Stack.create({}, path.join(__dirname, "programs", program));
    try {
        const run = await stack.up();
        if (run.exitCode !== 0) {
            throw new Error(run.output);
        }
        return run.seconds;
    } finally {
        await stack.remove();
    }
}

/** Compares the time of `up` of a session with that of a hand-written program with the same network and containers. */
async function main(): Promise<void> {
    // The first runs fill the compiler's cache.
    await secondsOfUp("component");
    await secondsOfUp("handwritten");
    const ratios: number[] = [];
    for (let pair = 1; pair <= pairs; pair++) {
        const [component, handwritten] = [await secondsOfUp("component"), await secondsOfUp("handwritten")];
        ratios.push(component / handwritten);
        console.log(`pair ${pair}: session ${component.toFixed(1)} s, by hand ${handwritten.toFixed(1)} s`);
    }
    const ratio = median(ratios);
    console.log(
        `up of a session takes ${ratio.toFixed(2)} times that of the same resources by hand (median of ${pairs}; at most ${allowed})`,
    );
    process.exitCode = ratio <= allowed ? 0 : 1;
}

void main();
