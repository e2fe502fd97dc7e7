import { OnWorkerFailure, Wait } from "../model/args";
import { Status } from "../model/outputs";
import { EngineState, isFailure } from "./engineState";
import { pause, within } from "./time";
import { Watch } from "./watch";

/** How the waiting for the workers ended. */
export interface Completion {
    master: EngineState;
    workers: EngineState[];
    /** The keys of the engines that have ended, in the order of their ends. */
    ended: string[];
}

/** How long an engine of a running session must have run to count as one that runs, and not as one about to fail: besides the lag of reports. */
const settleMs = 1000;
/** How long to wait for further failures after the first one. */
const furtherFailuresMs = 1000;
/** How long a master may take to end by itself once every worker has. */
const masterGraceMs = 5000;

/**
 * Waits for what the plan says: every worker has ended, or every worker runs. The first failure ends the waiting. Once the signal says that
 * nobody waits any more, it fails with the signal's reason.
 */
export async function awaitWorkers(watch: Watch, master: string, workers: string[]): Promise<Completion> {
    const { plan, signal } = watch;
    const completes = plan.wait === Wait.Completed;
    const ends = new Ends(watch, [master, ...workers]);
    const failed = ends.firstFailure(plan.onWorkerFailure === OnWorkerFailure.Fail ? [master, ...workers] : [master]);
    const goal = completes ? ends.all(workers) : untilSettled(watch, workers);
    const enough = Promise.race([goal, failed.then(() => pause(furtherFailuresMs, signal))]).then(() => true);
    const inTime = await within(plan.waitTimeout * 1000, enough, signal);
    if (inTime && completes) {
        await within(masterGraceMs, Promise.race([failed, ends.all([master])]), signal);
    }
    const [masterState, ...states] = await ends.inspectAll();
    const workerStates = inTime ? states : states.map((state) => timeOut(state, completes));
    return { master: masterState!, workers: workerStates, ended: ends.order() };
}

/** The ends of engines, as they come. */
class Ends {
    private readonly states = new Map<string, EngineState>();
    private readonly pending: Map<string, Promise<EngineState>>;

    constructor(
        private readonly watch: Watch,
        private readonly ids: string[],
    ) {
        this.pending = new Map(ids.map((id) => [id, this.follow(id)]));
        // Nobody may wait for some of them, and an error that nobody handles would end the program with a stack trace.
        this.pending.forEach((end) => void end.catch(() => undefined));
    }

    async all(ids: string[]): Promise<void> {
        await Promise.all(ids.map((id) => this.pending.get(id)!));
    }

    firstFailure(ids: string[]): Promise<void> {
        return new Promise((resolve) => {
            for (const id of ids) {
                // An error of the daemon's own goes to the caller that waits for the end.
                this.pending.get(id)!.then(
                    (state) => isFailure(state) && resolve(),
                    () => undefined,
                );
            }
        });
    }

    /** How each engine ended, or how it is doing. */
    inspectAll(): Promise<EngineState[]> {
        return Promise.all(this.ids.map(async (id) => this.states.get(id) ?? this.watch.host.inspect(id)));
    }

    /** The engines that have ended, the earliest first. */
    order(): string[] {
        return [...this.states.keys()];
    }

    private async follow(id: string): Promise<EngineState> {
        try {
            const { host, signal } = this.watch;
            const state = await host.untilEnded(id, signal, (failed) => this.watch.reportRestart(id, failed));
            this.states.set(id, state);
            return state;
        } catch (error) {
            // Once the watching is over, nobody waits any more.
            return this.watch.signal.aborted ? new Promise(() => undefined) : Promise.reject(error);
        }
    }
}

/** Engines that this `up` started have run for a moment. */
async function untilSettled(watch: Watch, workers: string[]): Promise<void> {
    const states = await Promise.all(workers.map((id) => watch.host.untilStarted(id, watch.signal)));
    if (states.some(({ isNew }) => isNew)) {
        await pause(settleMs + watch.host.reportLagMs, watch.signal);
    }
}

/** Late is a worker that has not started when the time is over, or that still runs when it was to complete. */
function timeOut(state: EngineState, completes: boolean): EngineState {
    const isLate = state.status === Status.Declared || (completes && state.status === Status.Running);
    return isLate ? { ...state, status: Status.TimedOut } : state;
}
