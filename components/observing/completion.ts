import { Wait } from "../model/args";
import { Status } from "../model/outputs";
import { EngineState, isFailure } from "./engineState";
import { pause, within } from "./time";
import { Watch } from "./watch";

/** How the waiting for the workers ended. */
export interface Completion {
    master: EngineState;
    workers: EngineState[];
}

/** How long an engine of a running session must have run to count as one that runs, and not as one about to fail. */
const settleMs = 1000;
/** How long to look for further failures after the first one. */
const furtherFailuresMs = 1000;
/** How long a master may take to end by itself once every worker has. */
const masterGraceMs = 5000;

/** Waits for what the plan says: every worker has ended, or every worker runs. The first failure ends the waiting. */
export async function awaitWorkers(watch: Watch, master: string, workers: string[]): Promise<Completion> {
    const completes = watch.plan.wait === Wait.Completed;
    const ends = new Ends(watch, [master, ...workers]);
    const failed = ends.firstFailure(watch.plan.onWorkerFailure === "fail" ? [master, ...workers] : [master]);
    const goal = completes ? ends.all(workers) : untilSettled(watch, workers);
    const enough = Promise.race([goal, failed.then(() => pause(furtherFailuresMs))]).then(() => true);
    const inTime = await within(watch.plan.waitTimeout * 1000, enough);
    if (inTime && completes) {
        await within(masterGraceMs, Promise.race([failed, ends.all([master])]));
    }
    const [masterSeen, ...workersSeen] = await ends.inspectAll();
    return { master: masterSeen!, workers: inTime ? workersSeen : workersSeen.map((seen) => timeOut(seen, completes)) };
}

/** The ends of engines, as they come. */
class Ends {
    private readonly seen = new Map<string, EngineState>();
    private readonly pending: Map<string, Promise<EngineState>>;

    constructor(
        private readonly watch: Watch,
        private readonly ids: string[],
    ) {
        this.pending = new Map(ids.map((id) => [id, this.follow(id)]));
    }

    async all(ids: string[]): Promise<void> {
        await Promise.all(ids.map((id) => this.pending.get(id)!));
    }

    firstFailure(ids: string[]): Promise<void> {
        return new Promise((resolve) => {
            for (const id of ids) {
                // An error of the daemon's own is told by whoever waits for the end.
                this.pending.get(id)!.then(
                    (seen) => isFailure(seen) && resolve(),
                    () => undefined,
                );
            }
        });
    }

    /** How each engine ended, or how it is doing. */
    inspectAll(): Promise<EngineState[]> {
        return Promise.all(this.ids.map(async (id) => this.seen.get(id) ?? this.watch.host.inspect(id)));
    }

    private async follow(id: string): Promise<EngineState> {
        try {
            const { host, signal } = this.watch;
            const seen = await host.untilEnded(id, signal, (failed) => this.watch.reportRestart(id, failed));
            this.seen.set(id, seen);
            return seen;
        } catch (error) {
            // Once the watching is over, nobody asks any more.
            return this.watch.signal.aborted ? new Promise(() => undefined) : Promise.reject(error);
        }
    }
}

/** Engines that this `up` started have run for a moment. */
async function untilSettled(watch: Watch, workers: string[]): Promise<void> {
    const seen = await Promise.all(workers.map((id) => watch.host.untilStarted(id, watch.signal)));
    if (seen.some(({ isNew }) => isNew)) {
        await pause(settleMs);
    }
}

/** A worker that has not started when the time is over has not made it, nor has one that was to complete and still runs. */
function timeOut(seen: EngineState, completes: boolean): EngineState {
    const isLate = seen.status === Status.Declared || (completes && seen.status === Status.Running);
    return isLate ? { ...seen, status: Status.TimedOut } : seen;
}
