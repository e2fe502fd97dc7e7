import * as pulumi from "@pulumi/pulumi";
import { OnWorkerFailure, Wait } from "../model/args";
import { SessionError } from "../model/errors";
import { Status } from "../model/outputs";
import { Completion, awaitWorkers } from "./completion";
import { EngineState, isFailure } from "./engineState";
import { describeNotJoined } from "./joining";
import { hasEnded } from "./replacements";
import { CreatedEngine } from "./runtime";
import { Failure, Watch, describeFailure, quoteOutput } from "./watch";
import { Mask } from "../output/mask";
import { warn } from "../program/console";

const mostNamed = 10;

/** An engine that failed, and how. */
export interface FailedEngine {
    created: CreatedEngine;
    state: EngineState;
}

/** How to run a failed master again. Existing workers are recreated with it, so `up` does that only on demand. */
export function masterRemedy({ created, state }: FailedEngine, hasWorkers: boolean): string {
    if (state.isGone) {
        return `The next pulumi up recreates it${hasWorkers ? " and every worker" : ""}.`;
    }
    return hasWorkers
        ? `To run it again, and every worker with it: pulumi up --replace '${created.urn}'`
        : "The next pulumi up runs it again.";
}

/** How to run failed workers again. Those whose failure is only reported stay until somebody asks. */
export function workersRemedy(failed: FailedEngine[], areRecreated: boolean, endedMaster?: CreatedEngine): string {
    const { isOneOfMany } = failed[0]!.created;
    const them = failed.length === 1 ? "it" : "them";
    if (endedMaster !== undefined) {
        return `The master has ended, and no worker can run without it. To run all engines again: pulumi up --replace '${endedMaster.urn}'`;
    }
    const { startsOnce } = failed[0]!.state;
    if (startsOnce !== undefined && areAwaited(failed)) {
        return `The cluster starts ${them} by itself as soon as ${startsOnce}; the next pulumi up looks again.`;
    }
    if (isOneOfMany) {
        const jobs = [...new Set(failed.map(({ created }) => created.urn))];
        const isGroup = failed.some(({ created }) => created.engine.template.group !== undefined);
        const which = isGroup ? " of the same group" : "";
        return `To run all workers${which} again: pulumi up ${jobs.map((urn) => `--replace '${urn}'`).join(" ")}`;
    }
    // A worker that is gone is recreated in any case.
    const staying = areRecreated ? [] : failed.filter(({ state }) => !state.isGone);
    const flags = staying.slice(0, mostNamed).map(({ created }) => `--replace '${created.urn}'`);
    return staying.length === 0
        ? `The next pulumi up runs ${them} again, and no other worker.`
        : `To run ${them} again: pulumi up ${flags.join(" ")}`;
}

/** Whether the backend is yet to start all of these engines by itself. */
function areAwaited(engines: FailedEngine[]): boolean {
    return engines.every(({ state }) => state.startsOnce !== undefined);
}

/** Why a session cannot go on when its master has ended like this. */
export async function describeMasterFailure(watch: Watch, master: CreatedEngine, state: EngineState): Promise<Failure> {
    const hasWorkers = await watch.host.hasWorkers();
    const text = await describeMaster(watch, master, state, hasWorkers);
    const remedy = masterRemedy({ created: master, state }, hasWorkers);
    return { text: `${text}\n${remedy}`, resource: master.resource };
}

async function describeMaster(
    watch: Watch,
    master: CreatedEngine,
    state: EngineState,
    hasWorkers: boolean,
): Promise<string> {
    const { awaitedPorts: ports } = watch.plan.master;
    const early = hasWorkers
        ? ", and a worker that is to run needs it"
        : ` before it listened on port ${ports.join(" and ")}`;
    const when = state.status === Status.Succeeded && ports.length > 0 ? early : "";
    return `The master ${await describeFailure(watch, master, state, when)}`;
}

/** Why a session cannot go on when its master runs and did not listen in time. */
export async function describeNotListening(watch: Watch, master: CreatedEngine, listening: number[]): Promise<Failure> {
    const { plan, host } = watch;
    const { isPaused } = await host.inspect(master.id);
    const missing = plan.master.awaitedPorts.filter((port) => !listening.includes(port));
    const others = listening.length === 0 ? "on none" : `on ${listening.join(" and ")}`;
    const cause = plan.hasPool
        ? "Use an image whose entrypoint runs the command that it is given"
        : "Correct master.ports or the program";
    const late = `The master ${master.engine.name} did not listen on port ${missing.join(" and ")} within ${plan.startTimeout} s`;
    const text = isPaused
        ? `${late}; it is paused. Let it go on, and run pulumi up again.`
        : `${late}; it listens ${others}. ${cause}, or raise timeoutSeconds.`;
    return { text: `${text} ${await quoteOutput(host, master.id)}`, resource: master.resource };
}

const mostDescribed = 10;

/** Why workers did not do what the session waits for; undefined where all did. Without their master they cannot run again. */
export async function describeWorkerFailures(
    watch: Watch,
    workers: CreatedEngine[],
    states: EngineState[],
    endedMaster?: CreatedEngine,
): Promise<Failure | undefined> {
    const failed = failedOf(workers, states);
    const isLate = ({ status, hasNotJoined = false }: EngineState, runs: boolean) =>
        status === Status.TimedOut && hasNotJoined === runs;
    const late = workers.filter((_, index) => isLate(states[index]!, false));
    const joining = workers.filter((_, index) => isLate(states[index]!, true));
    const bounds = { most: mostDescribed, of: workers.length };
    const areRecreated = watch.plan.onWorkerFailure === OnWorkerFailure.Fail;
    const parts = [
        ...(await describeFailed(watch, failed, workers.length)),
        ...(late.length > 0 ? [describeLate(watch, workers, late)] : []),
        ...(joining.length > 0 ? [await describeNotJoined(watch, joining, bounds)] : []),
        ...(failed.length > 0 ? [workersRemedy(failed, areRecreated, endedMaster)] : []),
    ];
    return parts.length === 0 ? undefined : { text: parts.join("\n") };
}

function failedOf(workers: CreatedEngine[], states: EngineState[]): FailedEngine[] {
    return workers
        .map((created, index) => ({ created, state: states[index]! }))
        .filter(({ state }) => isFailure(state));
}

async function describeFailed(watch: Watch, failed: FailedEngine[], count: number): Promise<string[]> {
    if (failed.length === 0) {
        return [];
    }
    const described = failed
        .slice(0, mostDescribed)
        .map(({ created, state }) => describeFailure(watch, created, state));
    const rest = failed.length > mostDescribed ? [`And ${failed.length - mostDescribed} more.`] : [];
    const what = areAwaited(failed) ? "could not be started yet" : "failed";
    return [`${failed.length} of ${count} workers ${what}.`, ...(await Promise.all(described)), ...rest];
}

function describeLate({ plan }: Watch, workers: CreatedEngine[], late: CreatedEngine[]): string {
    const names = late.slice(0, mostDescribed).map(({ engine }) => engine.name);
    const rest = late.length > mostDescribed ? ` and ${late.length - mostDescribed} more` : "";
    const goal = plan.wait === Wait.Completed ? "ended" : "started";
    return `${late.length} of ${workers.length} workers had not ${goal} after ${plan.waitTimeout} s: ${names.join(", ")}${rest}. They run on; the next pulumi up waits for them again. Raise timeoutSeconds (0 is no limit) to wait longer.`;
}

/** Why a session cannot go on when its master, a job, still runs though no worker failed. */
function describeLateMaster(
    { plan }: Watch,
    { engine, resource }: CreatedEngine,
    completion: Completion,
): Failure | undefined {
    const isLate = plan.wait === Wait.Master && completion.master.status === Status.Running;
    const hasOtherReason = plan.onWorkerFailure === OnWorkerFailure.Fail && completion.workers.some(isFailure);
    const text = `The master ${engine.name} had not ended after ${plan.waitTimeout} s. It runs on; the next pulumi up waits for it again. Raise timeoutSeconds (0 is no limit) to wait longer.`;
    return isLate && !hasOtherReason ? { text, resource } : undefined;
}

/** Why a session cannot go on when its master has failed. A worker may have failed with it, and the first of them may be the cause. */
export async function describeFailures(
    watch: Watch,
    master: CreatedEngine,
    workers: CreatedEngine[],
    completion: Completion,
): Promise<Failure> {
    const failed = failedOf(workers, completion.workers);
    if (failed.length === 0) {
        return describeMasterFailure(watch, master, completion.master);
    }
    const hasFailed = new Set([master, ...failed.map(({ created }) => created)].map(({ id }) => id));
    const isMasterFirst = completion.ended.find((id) => hasFailed.has(id)) === master.id;
    const ofMaster = [await describeMaster(watch, master, completion.master, true)];
    const ofWorkers = await describeFailed(watch, failed, workers.length);
    const remedy = masterRemedy({ created: master, state: completion.master }, true);
    const parts = isMasterFirst ? [...ofMaster, ...ofWorkers] : [...ofWorkers, ...ofMaster];
    return { text: [...parts, remedy].join("\n"), resource: isMasterFirst ? master.resource : undefined };
}

/**
 * Waits for what the plan says. Returns the state of each engine, the master first; a failure with which the session may not go on is an
 * error.
 */
export async function awaitAndJudge(
    watch: Watch,
    master: CreatedEngine,
    workers: CreatedEngine[],
    session: pulumi.Resource,
): Promise<EngineState[]> {
    if (watch.plan.wait === Wait.None) {
        return Promise.all([master, ...workers].map(({ id }) => watch.host.inspect(id)));
    }
    const completion = await awaitWorkers(watch, master.id, workers);
    if (isFailure(completion.master)) {
        failOn(await describeFailures(watch, master, workers, completion), session);
    }
    failOn(describeLateMaster(watch, master, completion), session);
    const endedMaster = hasEnded(watch.plan, completion.master) ? master : undefined;
    const failure = await describeWorkerFailures(watch, workers, completion.workers, endedMaster);
    if (watch.plan.onWorkerFailure === OnWorkerFailure.Fail) {
        failOn(failure, session);
    } else if (failure !== undefined) {
        await warn(failure.text, session);
    }
    return [completion.master, ...completion.workers];
}

/** Turns a failure, if there is one, into an error of the resource that it is about. */
export function failOn(failure: Failure | undefined, session: pulumi.Resource): void {
    if (failure !== undefined) {
        throw new SessionError(failure.text, failure.resource ?? session);
    }
}

/** The failure of the session that an error is, in these words, without the secrets in them. */
export function failureWithoutSecrets(
    error: unknown,
    words: string,
    { mask, session }: { mask: Mask; session: pulumi.Resource },
): SessionError {
    const resource = error instanceof SessionError ? error.resource : undefined;
    return new SessionError(mask.applyToLines(words), resource ?? session);
}
