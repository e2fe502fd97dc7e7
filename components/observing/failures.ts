import * as pulumi from "@pulumi/pulumi";
import { OnWorkerFailure, Wait } from "../model/args";
import { SessionError } from "../model/errors";
import { Status } from "../model/outputs";
import { awaitWorkers } from "./completion";
import { EngineState, isFailure } from "./engineState";
import { CreatedEngine } from "./runtime";
import { Failure, Watch, describeFailure, quoteOutput } from "./watch";

const mostNamed = 10;

/** An engine that failed, and how. */
export interface FailedEngine {
    created: CreatedEngine;
    state: EngineState;
}

/** How to get a master that failed to run again; workers that are there go with it, so that is left to the user. */
export function masterRemedy({ created, state }: FailedEngine, hasWorkers: boolean): string {
    if (state.isGone) {
        return `The next pulumi up makes it anew${hasWorkers ? ", and its workers with it" : ""}.`;
    }
    return hasWorkers
        ? `To run it again, and every worker with it: pulumi up --replace '${created.urn}'`
        : "The next pulumi up runs it again.";
}

/** How to get workers that failed to run again; those that are only reported stay as they are until somebody asks. */
export function workersRemedy(failed: FailedEngine[], areRecreated: boolean): string {
    const { isOneOfMany, urn } = failed[0]!.created;
    if (isOneOfMany) {
        return `To run all workers again: pulumi up --replace '${urn}'`;
    }
    const them = failed.length === 1 ? "it" : "them";
    // What is gone is made anew in any case.
    const staying = areRecreated ? [] : failed.filter(({ state }) => !state.isGone);
    const flags = staying.slice(0, mostNamed).map(({ created }) => `--replace '${created.urn}'`);
    return staying.length === 0
        ? `The next pulumi up runs ${them} again, and no other worker.`
        : `To run ${them} again: pulumi up ${flags.join(" ")}`;
}

/** Why a session cannot go on when its master has ended like this. */
export async function describeMasterFailure(watch: Watch, master: CreatedEngine, seen: EngineState): Promise<Failure> {
    const { ports } = watch.plan.master;
    const hasWorkers = await watch.host.hasWorkers();
    const early = hasWorkers
        ? ", and a worker that is to run needs it"
        : ` before it listened on port ${ports.join(" and ")}`;
    const when = seen.status === Status.Succeeded && ports.length > 0 ? early : "";
    const text = `The master ${await describeFailure(watch, master, seen, when)}`;
    const remedy = masterRemedy({ created: master, state: seen }, hasWorkers);
    return { text: `${text}\n${remedy}`, resource: master.resource };
}

/** Why a session cannot go on when its master runs and did not listen in time. */
export async function describeNotListening(watch: Watch, master: CreatedEngine, listening: number[]): Promise<Failure> {
    const { plan, host } = watch;
    const missing = plan.master.ports.filter((port) => !listening.includes(port));
    const others = listening.length === 0 ? "on none" : `on ${listening.join(" and ")}`;
    const text = `The master ${master.engine.name} did not listen on port ${missing.join(" and ")} within ${plan.startTimeout} s; it listens ${others}. Correct master.ports or the program, or raise timeoutSeconds.`;
    return { text: `${text} ${await quoteOutput(host, master.id)}`, resource: master.resource };
}

const mostDescribed = 10;

/** What to say of the workers that did not do what the session waits for; nothing if all did. */
export async function describeWorkerFailures(
    watch: Watch,
    workers: CreatedEngine[],
    seen: EngineState[],
): Promise<Failure | undefined> {
    const failed = workers
        .map((created, index) => ({ created, state: seen[index]! }))
        .filter((each) => isFailure(each.state));
    const late = workers.filter((_, index) => seen[index]!.status === Status.TimedOut);
    if (failed.length === 0 && late.length === 0) {
        return undefined;
    }
    const areRecreated = watch.plan.onWorkerFailure === OnWorkerFailure.Fail;
    const described = failed.slice(0, mostDescribed).map((each) => describeFailure(watch, each.created, each.state));
    const parts = [
        ...(failed.length > 0
            ? [`${failed.length} of ${workers.length} workers failed.`, ...(await Promise.all(described))]
            : []),
        ...(failed.length > mostDescribed ? [`And ${failed.length - mostDescribed} more.`] : []),
        ...(late.length > 0 ? [describeLate(watch, workers, late)] : []),
        ...(failed.length > 0 ? [workersRemedy(failed, areRecreated)] : []),
    ];
    return { text: parts.join("\n") };
}

function describeLate({ plan }: Watch, workers: CreatedEngine[], late: CreatedEngine[]): string {
    const names = late.slice(0, mostDescribed).map(({ engine }) => engine.name);
    const rest = late.length > mostDescribed ? ` and ${late.length - mostDescribed} more` : "";
    const goal = plan.wait === Wait.Completed ? "ended" : "started";
    return `${late.length} of ${workers.length} workers had not ${goal} after ${plan.waitTimeout} s: ${names.join(", ")}${rest}. They run on; the next pulumi up waits for them again. Raise timeoutSeconds (0 is no limit) to wait longer.`;
}

/** Waits for what the plan says and tells how each engine is then, the master first. What the session may not go on with is an error. */
export async function awaitAndJudge(
    watch: Watch,
    master: CreatedEngine,
    workers: CreatedEngine[],
    session: pulumi.Resource,
): Promise<EngineState[]> {
    const ids = workers.map(({ id }) => id);
    if (watch.plan.wait === Wait.None) {
        return Promise.all([master.id, ...ids].map((id) => watch.host.inspect(id)));
    }
    const completion = await awaitWorkers(watch, master.id, ids);
    if (isFailure(completion.master)) {
        failOn(await describeMasterFailure(watch, master, completion.master), session);
    }
    const failure = await describeWorkerFailures(watch, workers, completion.workers);
    if (watch.plan.onWorkerFailure === OnWorkerFailure.Fail) {
        failOn(failure, session);
    } else if (failure !== undefined) {
        await pulumi.log.warn(failure.text, session);
    }
    return [completion.master, ...completion.workers];
}

/** Turns a failure, if there is one, into an error of the resource that it is about. */
export function failOn(failure: Failure | undefined, session: pulumi.Resource): void {
    if (failure !== undefined) {
        throw new SessionError(failure.text, failure.resource ?? session);
    }
}
