import type { Docker } from "../../dockerode";
import { joinCheckSeconds } from "../../../model/plan";
import { Status } from "../../../model/outputs";
import { pause } from "../../../observing/time";
import { pLimit } from "../../../output/pLimit";
import { End } from "../../../output/end";
import { inspectContainer } from "../containerState";
import { Frames } from "../logs";
import { withRetry } from "../retry";
import { NotEnded, runInside } from "./exec";

/** How long to wait after a run that failed: the period of a probe on a cluster. */
const againMs = 1000;
/** How many run at a time: they take CPU from the workers that start. */
const mostAtOnce = 8;

/** Runs the join checks of containers. */
export class JoinChecks {
    private readonly inTurn = pLimit(mostAtOnce);
    /** What the last runs printed, or why there was none. */
    private readonly last = new Map<string, string>();
    /** The last runs that were late. The next one waits for their end, or they would fill the container. */
    private readonly late = new Map<string, NotEnded>();

    constructor(
        private readonly docker: Docker,
        private readonly mostMs = joinCheckSeconds * 1000,
    ) {}

    /** Runs a command in a container until it ends with 0, or the container has ended. False where the signal ended the waiting. */
    async untilJoined(id: string, command: readonly string[], signal: AbortSignal): Promise<boolean> {
        while (!signal.aborted) {
            if (await this.inTurn(async () => !signal.aborted && (await this.hasJoined(id, command, signal)))) {
                return true;
            }
            if ((await inspectContainer(this.docker, id)).status !== Status.Running) {
                return true;
            }
            await pause(againMs, signal);
        }
        return false;
    }

    /** What the last run in a container printed, or why it did not end; undefined where there was none. */
    lastOf(id: string): string | undefined {
        return this.last.get(id);
    }

    private async hasJoined(id: string, command: readonly string[], signal: AbortSignal): Promise<boolean> {
        if (await withRetry(async () => this.late.get(id)?.isRunning(), signal)) {
            return false;
        }
        this.late.delete(id);
        const [frames, end] = [new Frames(), new End()];
        const take = (chunk: Buffer) => frames.take(chunk).forEach((part) => end.add(part));
        const run = await withRetry(() => runInside(this.docker, id, { command, mostMs: this.mostMs, take }), signal);
        if ("reason" in run) {
            this.late.set(id, run);
            this.last.set(id, run.reason);
            return false;
        }
        this.last.set(id, end.toString());
        return run.exitCode === 0;
    }
}
