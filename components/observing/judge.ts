import * as pulumi from "@pulumi/pulumi";
import { OnWorkerFailure, Wait } from "../args";
import { SessionError } from "../errors";
import { awaitWorkers } from "./completion";
import { sayMasterFailure } from "./masterFailure";
import { Sighting, isFailure } from "./verdict";
import { CreatedEngine, Failure, Watch } from "./watch";
import { sayWorkerFailures } from "./workerFailures";

/** Waits for what the plan says and tells how each engine is then, the master first. What the session may not go on with is an error. */
export async function awaitAndJudge(
    watch: Watch,
    master: CreatedEngine,
    workers: CreatedEngine[],
    session: pulumi.Resource,
): Promise<Sighting[]> {
    const ids = workers.map(({ id }) => id);
    if (watch.plan.wait === Wait.None) {
        return Promise.all([master.id, ...ids].map((id) => watch.host.look(id)));
    }
    const completion = await awaitWorkers(watch, master.id, ids);
    if (isFailure(completion.master)) {
        failOn(await sayMasterFailure(watch, master, completion.master), session);
    }
    const failure = await sayWorkerFailures(watch, workers, completion.workers);
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
