import type { Docker } from "../dockerode";
import { CreatedEngine } from "../../observing/runtime";
import { pause } from "../../observing/time";
import { Status } from "../../model/outputs";
import { withRetry } from "./retry";
import { hasPolicy, noRestart, restartPolicyOf } from "../restartPolicy";
import { inspectContainer } from "./containerState";

const updateAttempts = 5;
const updatePauseMs = 300;

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

const [notModified, notFound] = [304, 404];

/** Ends a container for good; one that has ended or is gone is as wanted. */
export async function endContainer(docker: Docker, id: string, stopSeconds: number): Promise<void> {
    try {
        const { restartPolicy } = await inspectContainer(docker, id);
        if (!hasPolicy(restartPolicy, noRestart)) {
            // Otherwise a daemon that starts again would start the container too.
            await withRetry(() => docker.getContainer(id).update({ RestartPolicy: noRestart }));
        }
        await withRetry(() => docker.getContainer(id).stop({ t: stopSeconds }));
    } catch (error) {
        const { statusCode = 0 } = error as { statusCode?: number };
        if (![notModified, notFound].includes(statusCode)) {
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
