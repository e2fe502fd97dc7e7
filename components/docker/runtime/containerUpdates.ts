import type { Docker } from "../dockerode";
import { CreatedEngine } from "../../observing/runtime";
import { pause } from "../../observing/time";
import { Status } from "../../model/outputs";
import { unlessGone, withRetry } from "./retry";
import { hasPolicy, noRestart, restartPolicyOf } from "../restartPolicy";
import { inspectContainer } from "./containerState";

const updateAttempts = 5;
const updatePauseMs = 300;

const [notModified, notFound] = [304, 404];

/** Sets the limit on a container's processes, which the provider cannot. A container that has it counts as attended. */
export async function limitPids(docker: Docker, id: string, pidsLimit: number): Promise<void> {
    for (let attempt = 1; attempt <= updateAttempts; attempt++) {
        const seen = await inspectContainer(docker, id);
        if (seen.isGone || seen.pidsLimit === pidsLimit) {
            return;
        }
        try {
            await withRetry(() => docker.getContainer(id).update({ PidsLimit: pidsLimit }));
            return;
        } catch (error) {
            // Until the daemon notices a container's end, the container seems to run and the update fails.
            if (attempt === updateAttempts) {
                throw error;
            }
            await pause(updatePauseMs);
        }
    }
}

/** Starts a container that has never been started, when it is prepared. */
export async function startCreated(docker: Docker, id: string, prepare: () => Promise<void>): Promise<void> {
    const container = docker.getContainer(id);
    const found = await unlessGone(() => withRetry(() => container.inspect()));
    if (found?.State.Status === "created") {
        await prepare();
        await unlessStatus([notModified], () => withRetry(() => container.start()));
    }
}

/** Ends a container for good; one that has ended or is gone is as wanted. */
export async function endContainer(docker: Docker, id: string, stopSeconds: number): Promise<void> {
    await unlessStatus([notModified, notFound], async () => {
        const { restartPolicy } = await inspectContainer(docker, id);
        if (!hasPolicy(restartPolicy, noRestart)) {
            // Otherwise a daemon that starts again would start the container too.
            await withRetry(() => docker.getContainer(id).update({ RestartPolicy: noRestart }));
        }
        await withRetry(() => docker.getContainer(id).stop({ t: stopSeconds }));
    });
}

/** Asks for a change; an answer with one of these codes says that nothing is left to do. */
async function unlessStatus(codes: number[], ask: () => Promise<unknown>): Promise<void> {
    try {
        await ask();
    } catch (error) {
        if (!codes.includes((error as { statusCode?: number }).statusCode ?? 0)) {
            throw error;
        }
    }
}

/** Gives a running container the restart policy for the time when no `up` watches it. */
export async function setRestartPolicy(docker: Docker, { id, engine }: CreatedEngine): Promise<void> {
    const seen = await inspectContainer(docker, id);
    const policy = restartPolicyOf(engine.template);
    if (seen.status === Status.Running && !hasPolicy(seen.restartPolicy, policy)) {
        await withRetry(() => docker.getContainer(id).update({ RestartPolicy: policy }));
    }
}
