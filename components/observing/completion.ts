import { OnWorkerFailure, Wait } from "../model/args";
import { Status } from "../model/outputs";
import { Plan, workersOf } from "../model/plan";
import { EngineState, isFailure } from "./engineState";
import { Joining } from "./joining";
import { CreatedEngine } from "./runtime";
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
/** How many workers are ended at the same time. */
const mostEndedAtOnce = 100;
/** How long after its last second an engine that was ended may take to be reported. */
const endLagMs = 15_000;

/**
 * Waits for what the plan says: every worker has ended, every worker has joined, or the master has ended, with which the workers end. The
 * first failure ends the waiting. Once the signal says that nobody waits any more, it fails with the signal's reason.
 */
export async function awaitWorkers(watch: Watch, master: string, created: CreatedEngine[]): Promise<Completion> {
    const { plan, signal } = watch;
    const completes = plan.wait === Wait.Completed;
    const workers = created.map(({ id }) => id);
    const joining = new Joining(watch, created);
    const over = new AbortController();
    const untilJoined = async () => {
        const signals = AbortSignal.any([signal, over.signal]);
        await Promise.all([untilSettled(watch, workers), joining.all(signals)]);
    };
    const ends = new Ends(watch, [master, ...workers]);
    const failed = ends.firstFailure(plan.onWorkerFailure === OnWorkerFailure.Fail ? [master, ...workers] : [master]);
    const goal = isJob(plan) ? ends.all([master]) : completes ? ends.all(workers) : untilJoined();
    const enough = Promise.race([goal, failed.then(() => pause(furtherFailuresMs, signal))]).then(() => true);
    const inTime = await within(plan.waitTimeout * 1000, enough, signal).finally(() => over.abort());
    if (inTime && completes) {
        await within(masterGraceMs, Promise.race([failed, ends.all([master])]), signal);
    }
    if (isJob(plan) && ends.endOf(master)?.exitCode !== undefined) {
        await endWorkers(watch, ends, workers);
    }
    const [masterState, ...states] = await ends.inspectAll();
    const judge = (state: EngineState, index: number) =>
        inTime || isJob(plan) ? state : timeOut(state, completes, joining.isPending(workers[index]!));
    const workerStates = states.map((state) => judgeByMaster(plan, masterState!, state));
    return { master: masterState!, workers: workerStates.map(judge), ended: ends.order() };
}

/** Ends the workers of a job: nobody needs them any more. */
async function endWorkers({ host, plan, signal }: Watch, ends: Ends, workers: string[]): Promise<void> {
    const stopSeconds = workersOf(plan).map(({ template }) => template.stopSeconds);
    const secondsOf = new Map(workers.map((id, index) => [id, stopSeconds[index]!]));
    const running = workers.filter((id) => ends.endOf(id) === undefined);
    for (let at = 0; at < running.length; at += mostEndedAtOnce) {
        await Promise.all(running.slice(at, at + mostEndedAtOnce).map((id) => host.end(id, secondsOf.get(id)!)));
    }
    const longest = Math.max(0, ...plan.groups.map(({ template }) => template.stopSeconds));
    await within(longest * 1000 + endLagMs, ends.all(running), signal);
}

/** The state of a worker beside that of its master. One that failed when its master, a job, had ended has stopped with it. */
export function judgeByMaster(plan: Plan, master: EngineState, worker: EngineState): EngineState {
    const [end, masterEnd] = [worker.endedAt ?? -Infinity, master.endedAt ?? Infinity];
    // A cluster knows the second only: within it, a worker may have failed before a master that failed, and be the cause.
    const isLater = end > masterEnd || (end === masterEnd && master.exitCode === 0);
    return isJob(plan) && worker.status === Status.Failed && isLater
        ? { ...worker, status: Status.Stopped, hasEndedWithMaster: true }
        : worker;
}

/** Whether the session waits for its master, and ends with it. */
function isJob({ wait }: Plan): boolean {
    return wait === Wait.Master;
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

    /** How an engine has ended; undefined where it has not. */
    endOf(id: string): EngineState | undefined {
        return this.states.get(id);
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

/** Late is a worker that has not started when the time is over, or that still runs when it was to complete or to have joined. */
function timeOut(state: EngineState, completes: boolean, isJoining: boolean): EngineState {
    const hasNotJoined = isJoining && state.status === Status.Running;
    const isLate = state.status === Status.Declared || (completes && state.status === Status.Running);
    return isLate || hasNotJoined
        ? { ...state, status: Status.TimedOut, ...(hasNotJoined && { hasNotJoined }) }
        : state;
}
