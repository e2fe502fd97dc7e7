import type Docker from "dockerode";
import { Sighting } from "../observing/verdict";
import { pause } from "../observing/within";
import { Status } from "../outputs";

const reconnectMs = 500;
const patienceMs = 30_000;

/** A container as it is now. */
export interface ContainerSighting extends Sighting {
    /** When it was started, in ms of the host's clock. */
    startedAt: number;
    restarts: number;
    pidsLimit: number;
    restartPolicy?: { Name: string; MaximumRetryCount?: number };
}

/** Looks at a container; one that does not exist is seen as stopped. */
export async function look(docker: Docker, id: string): Promise<ContainerSighting> {
    const info = await patiently(() => docker.getContainer(id).inspect());
    if (info === undefined) {
        return { status: Status.Stopped, isGone: true, startedAt: 0, pidsLimit: 0, restarts: 0 };
    }
    const { State: state, HostConfig: limits } = info;
    const ended = !state.Running && !state.Paused && state.Status !== "created";
    const memoryMib = limits.Memory ? limits.Memory / 2 ** 20 : undefined;
    return {
        status: statusOf(state),
        exitCode: ended ? state.ExitCode : undefined,
        outOfMemory: ended && state.OOMKilled && state.ExitCode !== 0,
        // One that could not be started stays as it was created.
        startError: state.Running ? undefined : state.Error || undefined,
        memoryMib,
        startedAt: Date.parse(state.StartedAt),
        restartPolicy: limits.RestartPolicy,
        restarts: info.RestartCount,
        pidsLimit: limits.PidsLimit ?? 0,
    };
}

function statusOf(state: Docker.ContainerInspectInfo["State"]): Status {
    if (state.Running || state.Restarting) {
        return Status.Running;
    }
    if (state.Status !== "exited") {
        return Status.Stopped;
    }
    return state.ExitCode === 0 ? Status.Succeeded : Status.Failed;
}

/** Waits until a container has ended, and looks at it. One that Docker starts again has not ended; each time is told. */
export async function untilEnded(
    docker: Docker,
    id: string,
    signal: AbortSignal,
    restarted: (seen: Sighting) => void = () => undefined,
): Promise<ContainerSighting> {
    for (let restarts = 0; ;) {
        const wait = () => docker.getContainer(id).wait({ abortSignal: signal }) as Promise<{ StatusCode: number }>;
        const end = await patiently(wait, signal);
        const seen = await look(docker, id);
        if (seen.status !== Status.Running) {
            return seen;
        }
        if (end !== undefined && seen.restarts > restarts) {
            restarts = seen.restarts;
            restarted({ ...seen, status: Status.Failed, exitCode: end.StatusCode });
        }
        await pause(reconnectMs, signal);
    }
}

/**
 * Asks the daemon and, where it is away for a moment (a restart, a lost connection), asks again for half a minute. A container that does
 * not exist is no answer: undefined.
 */
async function patiently<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
        try {
            return await ask();
        } catch (error) {
            const { statusCode } = error as { statusCode?: number };
            if (statusCode === 404) {
                return undefined;
            }
            if (signal?.aborted || statusCode !== undefined || Date.now() > deadline) {
                throw error;
            }
            await pause(reconnectMs);
        }
    }
}
