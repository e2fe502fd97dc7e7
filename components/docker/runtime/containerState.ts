import type { Docker } from "../dockerode";
import { EngineState } from "../../observing/engineState";
import { pause } from "../../observing/time";
import { Status } from "../../model/outputs";
import { openStream } from "./connect";
import { label } from "../../model/labels";
import { lifetimeMarks } from "../lifetime";
import { withRetry, unlessGone } from "./retry";

/** How long to pause between two waits for a container that Docker restarts. */
const glanceMs = 100;

/** A container as it is now. */
export interface ContainerState extends EngineState {
    /** When it was started, in ms of the host's clock. */
    startedAt: number;
    restarts: number;
    pidsLimit: number;
    /** How many seconds it may live, where that is limited. */
    maxSeconds?: number;
    restartPolicy?: { Name: string; MaximumRetryCount?: number };
}

/** Inspects a container; one that does not exist counts as stopped. */
export async function inspectContainer(docker: Docker, id: string): Promise<ContainerState> {
    const info = await unlessGone(() => withRetry(() => docker.getContainer(id).inspect()));
    if (info === undefined) {
        return { status: Status.Stopped, isGone: true, startedAt: 0, pidsLimit: 0, restarts: 0 };
    }
    const { State: state, HostConfig: limits } = info;
    const maxSeconds = lifetimeIn(info);
    const ended = !state.Running && !state.Paused && state.Status !== "created";
    const isOver = ended && maxSeconds !== undefined && (await hasMark(docker, id, lifetimeMarks.over));
    const memoryMib = limits.Memory ? limits.Memory / 2 ** 20 : undefined;
    return {
        // A program that is told to end may end with 0.
        status: isOver ? Status.Failed : statusOf(info),
        ...(isOver && { outlived: maxSeconds }),
        maxSeconds,
        exitCode: ended ? state.ExitCode : undefined,
        outOfMemory: ended && state.OOMKilled && state.ExitCode !== 0,
        // One that could not be started stays as it was created.
        startError: state.Running ? undefined : state.Error || undefined,
        memoryMib,
        isPaused: state.Paused,
        startedAt: Date.parse(state.StartedAt),
        ...(ended && { endedAt: Date.parse(state.FinishedAt) }),
        restartPolicy: limits.RestartPolicy,
        restarts: info.RestartCount,
        pidsLimit: limits.PidsLimit ?? 0,
    };
}

/** The part of a container's description that has its labels. */
type Labelled = Pick<Docker.ContainerInspectInfo, "Config">;

function lifetimeIn({ Config }: Partial<Labelled>): number | undefined {
    const { [label.maxSeconds]: maxSeconds } = Config?.Labels ?? {};
    return maxSeconds === undefined ? undefined : Number(maxSeconds);
}

/** Whether a file of a container, in any state, is there and not empty. */
async function hasMark(docker: Docker, id: string, path: string): Promise<boolean> {
    const answer = await unlessGone<ArchiveInfo>(() => withRetry(() => docker.getContainer(id).infoArchive({ path })));
    answer?.resume?.();
    const stat = answer?.headers["x-docker-container-path-stat"];
    return stat !== undefined && (JSON.parse(Buffer.from(stat, "base64").toString()) as { size: number }).size > 0;
}

/** What the daemon answers about a file of a container: the header has the file's size, in JSON in base64. */
interface ArchiveInfo {
    headers: Record<string, string | undefined>;
    resume?: () => void;
}

/** Whether the run of a container before its last restart was ended by the limit of its life. */
async function wasOver(docker: Docker, id: string): Promise<boolean> {
    // In this order: the new run sets the one mark before it takes the other away.
    return (await hasMark(docker, id, lifetimeMarks.over)) || (await hasMark(docker, id, lifetimeMarks.overBefore));
}

function statusOf({ State: state, Config }: Pick<Docker.ContainerInspectInfo, "State"> & Partial<Labelled>): Status {
    if (state.Running || state.Restarting) {
        return Status.Running;
    }
    if (state.Status !== "exited") {
        return Status.Stopped;
    }
    const mayEnd = Config?.Labels?.[label.restartsAlways] === undefined;
    return state.ExitCode === 0 && mayEnd ? Status.Succeeded : Status.Failed;
}

/** Waits until a container has ended for good, and inspects it. `restarted` gets the state before each restart by Docker. */
export async function untilEnded(
    docker: Docker,
    id: string,
    signal: AbortSignal,
    restarted: (seen: EngineState) => void = () => undefined,
): Promise<ContainerState> {
    for (let restarts = 0; ;) {
        const end = await unlessGone(() => withRetry(() => waitFor(docker, id, signal), signal));
        const seen = await inspectContainer(docker, id);
        if (seen.status !== Status.Running) {
            return seen;
        }
        if (end !== undefined && seen.restarts > restarts) {
            restarts = seen.restarts;
            const { maxSeconds } = seen;
            const isOver = maxSeconds !== undefined && (await wasOver(docker, id));
            const outlived = isOver ? { outlived: maxSeconds } : {};
            restarted({ ...seen, ...outlived, status: Status.Failed, exitCode: end.StatusCode });
        }
        await pause(glanceMs, signal);
    }
}

/**
 * Waits for a container's end and returns its exit code. The library's own `wait` never settles when the connection is lost: the daemon
 * sends the head of its answer at once and the rest at the container's end.
 */
async function waitFor(docker: Docker, id: string, abortSignal: AbortSignal): Promise<{ StatusCode: number }> {
    const request = { path: `/containers/${id}/wait`, method: "POST", abortSignal };
    const answer = await openStream(docker, request);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) {
        chunks.push(chunk as Buffer);
    }
    return JSON.parse(Buffer.concat(chunks).toString()) as { StatusCode: number };
}
