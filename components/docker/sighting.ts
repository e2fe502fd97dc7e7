import type Docker from "dockerode";
import { Status } from "../outputs";
import { Sighting } from "../verdict";
import { pause } from "./within";

const reconnectMs = 500;
const patienceMs = 30_000;
const killedExitCode = 137;
const eventSlackSeconds = 2;

/** A container as it is now. */
export interface ContainerSighting extends Sighting {
    /** When it was started, in ms of the host's clock. */
    startedAt: number;
    pidsLimit: number;
}

/** Looks at a container; one that does not exist is seen as stopped. */
export async function look(docker: Docker, id: string): Promise<ContainerSighting> {
    const info = await patiently(() => docker.getContainer(id).inspect());
    if (info === undefined) {
        return { status: Status.Stopped, startedAt: 0, pidsLimit: 0 };
    }
    const { State: state, HostConfig: limits } = info;
    const startedAt = Date.parse(state.StartedAt);
    const ended = !state.Running && !state.Paused && state.Status !== "created";
    const memoryMib = limits.Memory ? limits.Memory / 2 ** 20 : undefined;
    return {
        status: statusOf(state),
        exitCode: ended ? state.ExitCode : undefined,
        outOfMemory: ended && state.ExitCode !== 0 && (state.OOMKilled || (await hadOutOfMemory(docker, id, state))),
        startError: ended ? state.Error || undefined : undefined,
        memoryMib,
        startedAt,
        pidsLimit: limits.PidsLimit ?? 0,
    };
}

/** The daemon notes an OOM kill in the state only where it heard of it before the end; its list of events has it in any case. */
async function hadOutOfMemory(
    docker: Docker,
    id: string,
    state: Docker.ContainerInspectInfo["State"],
): Promise<boolean> {
    if (state.ExitCode !== killedExitCode) {
        return false;
    }
    const seconds = (time: string, more: number) => Math.floor(Date.parse(time) / 1000) + more;
    const events = await docker.getEvents({
        since: seconds(state.StartedAt, 0),
        until: seconds(state.FinishedAt, eventSlackSeconds),
        filters: { container: [id], event: ["oom"] },
    });
    let found = false;
    for await (const _ of events) {
        found = true;
    }
    return found;
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

/** Waits until a container has ended, and tells how: also where Docker has started it again since. */
export async function untilEnded(docker: Docker, id: string, signal: AbortSignal): Promise<ContainerSighting> {
    const end = await patiently<{ StatusCode: number }>(
        () => docker.getContainer(id).wait({ abortSignal: signal }),
        signal,
    );
    const seen = await look(docker, id);
    if (end === undefined || seen.status !== Status.Running) {
        return seen;
    }
    return { ...seen, status: end.StatusCode === 0 ? Status.Succeeded : Status.Failed, exitCode: end.StatusCode };
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
