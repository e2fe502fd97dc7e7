import { Status } from "../model/outputs";
import { aliasOf } from "../model/labels";
import { workersOf } from "../model/plan";
import { describeMasterFailure, describeNotListening } from "./failures";
import { EngineState, isFailure } from "./engineState";
import { CreatedEngine, Runtime } from "./runtime";
import { pause, within } from "./time";
import { Failure, Watch } from "./watch";

const intervalMs = 200;
/** How long a master that has listened before may keep its ports closed, as one does that takes a connection at a time. */
const closedPortsSeconds = 10;

/** What waiting for the master needs. */
export interface StartWatch extends Watch {
    runtime: Runtime;
}

/** Waits until the master has started and, where workers are to be created, listens on its ports. Returns why it never will. */
export async function untilMasterListens(watch: StartWatch, master: CreatedEngine): Promise<Failure | undefined> {
    const { runtime, plan, signal } = watch;
    const start = Date.now();
    const state = await startedWithin(watch, master);
    signal.throwIfAborted();
    if (state === undefined) {
        return describeNotStarted(watch, master);
    }
    if (isFailure(state)) {
        return describeMasterFailure(watch, master, state);
    }
    // A master without ports, or one whose workers are all there, may have done its work already.
    const staying = await runtime.stayingWorkers(master);
    if (plan.master.awaitedPorts.length === 0 || !lacksWorkers(watch, staying)) {
        return undefined;
    }
    const hasListened = state.isNew !== true && staying.size > 0;
    const seconds = hasListened ? Math.min(closedPortsSeconds, plan.startTimeout || Infinity) : plan.startTimeout;
    const deadline = seconds === 0 ? Infinity : start + seconds * 1000;
    return untilListening(watch, master, { deadline, hasListened, hasWorkers: staying.size > 0 });
}

/** The state of the master once it has started; undefined where it is late. */
async function startedWithin(
    { host, plan, signal }: StartWatch,
    { id }: CreatedEngine,
): Promise<EngineState | undefined> {
    const over = new AbortController();
    const started = host.untilStarted(id, AbortSignal.any([signal, over.signal]));
    try {
        return await within(plan.startTimeout * 1000, started);
    } finally {
        over.abort();
    }
}

/** Whether a worker is yet to be created: only for such a one must the master listen. */
function lacksWorkers({ plan, runtime }: StartWatch, staying: ReadonlySet<string>): boolean {
    const recreated = new Set(runtime.recreated.map(aliasOf));
    return workersOf(plan).some(({ alias }) => !staying.has(alias) || recreated.has(alias));
}

async function untilListening(
    watch: StartWatch,
    master: CreatedEngine,
    patience: { deadline: number; hasListened: boolean; hasWorkers: boolean },
): Promise<Failure | undefined> {
    const over = new AbortController();
    let ended: EngineState | undefined;
    let failed: { error: unknown } | undefined;
    void watch.host
        .untilEnded(master.id, AbortSignal.any([watch.signal, over.signal]), () => undefined)
        .then(
            (state) => (ended = state),
            (error: unknown) => (failed = { error }),
        );
    try {
        for (;;) {
            const isLate = Date.now() > patience.deadline;
            const listening = await watch.runtime.listening(master, isLate);
            watch.signal.throwIfAborted();
            throwFailure(failed);
            if ("lacks" in listening) {
                return describeUnreadablePorts(watch, master, listening.lacks);
            }
            if (watch.plan.master.awaitedPorts.every((port) => listening.has(port))) {
                return undefined;
            }
            if (ended?.status === Status.Succeeded && watch.plan.hasPool && !patience.hasWorkers) {
                // A master that launched nothing has ended, and its workers will.
                return undefined;
            }
            if (ended !== undefined) {
                return await describeMasterFailure(watch, master, ended);
            }
            if (isLate) {
                return patience.hasListened
                    ? describeClosedPorts(watch, master)
                    : await describeNotListening(watch, master, [...listening]);
            }
            await pause(intervalMs, watch.signal);
        }
    } finally {
        over.abort();
    }
}

/** Throws what keeps the end of the master from being seen. A function, because the compiler takes a variable set in a callback for unset. */
function throwFailure(failed: { error: unknown } | undefined): void {
    if (failed !== undefined) {
        throw failed.error;
    }
}

async function describeNotStarted({ runtime, plan }: StartWatch, master: CreatedEngine): Promise<Failure> {
    const reason = await runtime.explainPending(master.id);
    const text = `The master ${master.engine.name} did not start within ${plan.startTimeout} s. ${reason} Raise timeoutSeconds to wait longer.`;
    return { text, resource: master.resource };
}

function describeUnreadablePorts({ plan }: StartWatch, { engine, resource }: CreatedEngine, program: string): Failure {
    const way = plan.hasPool ? "" : ", or leave master.ports out";
    const text = `Cannot check whether the master ${engine.name} listens on its ports: its image has no program "${program}". Use an image that has it${way}.`;
    return { text, resource };
}

function describeClosedPorts({ plan }: StartWatch, { engine, resource, urn }: CreatedEngine): Failure {
    const ports = plan.master.awaitedPorts.join(" and ");
    const text = `The master ${engine.name} runs, but no longer listens on port ${ports}: a new worker could not reach it. If it is restarting, run pulumi up again. To start it and every worker again: pulumi up --replace '${urn}'`;
    return { text, resource };
}
