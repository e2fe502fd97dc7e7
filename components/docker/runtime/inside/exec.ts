import type { Docker } from "../../dockerode";
import { formatDaemonError, unlessGone } from "../retry";

/** A program that runs in a container for a moment. */
export interface Program {
    command: readonly string[];
    /** How long to wait for its end. */
    mostMs: number;
    /** Takes what it prints, in Docker's frames. */
    take: (chunk: Buffer) => void;
}

/** How a program ended. The daemon may know no exit code yet. */
export interface Ended {
    exitCode: number | null;
}

/** Why a program in a container did not end: it could not be started, or it still runs. */
export interface NotEnded {
    reason: string;
    /** Whether a program that was late still runs: the daemon ends none. */
    isRunning(): Promise<boolean>;
}

/** Runs a program in a container, and waits for its end. */
export async function runInside(
    docker: Docker,
    id: string,
    { command, mostMs, take }: Program,
): Promise<Ended | NotEnded> {
    const abortSignal = AbortSignal.timeout(mostMs);
    let isRunning = () => Promise.resolve(false);
    try {
        const exec = await docker.getContainer(id).exec({
            Cmd: [...command],
            AttachStdout: true,
            AttachStderr: true,
            abortSignal,
        });
        const inspect = (signal?: AbortSignal) => exec.inspect({ ...(signal && { abortSignal: signal }) });
        // The daemon forgets what ran in a container that was started again.
        isRunning = async () => (await unlessGone(() => inspect()))?.Running ?? false;
        for await (const chunk of await exec.start({ hijack: false, stdin: false, abortSignal })) {
            take(chunk as Buffer);
        }
        return { exitCode: (await inspect(abortSignal)).ExitCode };
    } catch (error) {
        if (abortSignal.aborted) {
            return { reason: `it has not ended within ${mostMs / 1000} s`, isRunning };
        }
        const { statusCode } = error as { statusCode?: number };
        // Paused, not running, gone, or ending at this moment.
        if (statusCode === 409 || statusCode === 404 || statusCode === 500) {
            return { reason: formatDaemonError(error), isRunning: () => Promise.resolve(false) };
        }
        throw error;
    }
}
