import type { Docker } from "../dockerode";
import { CreatedEngine } from "../../observing/runtime";
import { pause } from "../../observing/time";
import { Status } from "../../model/outputs";
import { withRetry } from "./retry";
import { hasPolicy, restartPolicyOf } from "../restartPolicy";
import { inspectContainer } from "./containerState";

const updateAttempts = 5;
const updatePauseMs = 300;

/** Limits the processes of a container, which the provider has no property for, and so marks it as one that was seen to. */
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
            // Between a container's end and the daemon's notice of it, the update fails and the container seems to run.
            if (attempt === updateAttempts) {
                throw error;
            }
            await pause(updatePauseMs);
        }
    }
}

/** Gives a container that runs the policy for the time when no `up` watches it. */
export async function setRestartPolicy(docker: Docker, { id, engine }: CreatedEngine): Promise<void> {
    const seen = await inspectContainer(docker, id);
    const policy = restartPolicyOf(engine.template);
    if (seen.status === Status.Running && !hasPolicy(seen.restartPolicy, policy)) {
        await withRetry(() => docker.getContainer(id).update({ RestartPolicy: policy }));
    }
}
