import type { Docker } from "../dockerode";
import * as pulumi from "@pulumi/pulumi";
import { PassThrough } from "stream";
import { Source } from "../../observing/runtime";
import { pause } from "../../observing/time";
import { tailLines } from "../../output/tail";
import { formatDaemonError, withRetry } from "./retry";

const notImplemented = 501;

/** How often the daemon is asked again after an error of its own. */
const mostErrors = 3;
const errorPauseMs = 500;

/** The end of what a container printed, both streams in the order in which Docker noted them. */
export async function readTail(docker: Docker, id: string): Promise<string | undefined> {
    const read = () => docker.getContainer(id).logs({ stdout: true, stderr: true, follow: false, tail: tailLines });
    for (let errors = 1; ; errors++) {
        try {
            return demultiplex(await withRetry(read));
        } catch (error) {
            void pulumi.log.debug(`The end of the output of ${id}: ${formatDaemonError(error)}`);
            if (!isErrorOfDaemon(error) || errors > mostErrors) {
                return undefined;
            }
            await pause(errorPauseMs);
        }
    }
}

/** Whether the daemon could not answer now. Some log drivers cannot be read at all: the output is where the host's operator sent it. */
function isErrorOfDaemon(error: unknown): boolean {
    const { statusCode = 0 } = error as { statusCode?: number };
    return statusCode >= 500 && statusCode !== notImplemented;
}

/** Takes the text out of Docker's frames: 1 byte of stream, 3 of nothing, 4 of length, then the text. */
export function demultiplex(raw: Buffer): string {
    const parts: Buffer[] = [];
    for (let at = 0; at + 8 <= raw.length;) {
        const length = raw.readUInt32BE(at + 4);
        parts.push(raw.subarray(at + 8, at + 8 + length));
        at += 8 + length;
    }
    return Buffer.concat(parts).toString("utf8");
}

/** Opens a container's output from a moment on (in ms; 0 is all of it). */
export async function openOutput(docker: Docker, id: string, since: number): Promise<Source> {
    const container = docker.getContainer(id);
    const source = await container.logs({ stdout: true, stderr: true, follow: true, since: since / 1000 });
    const text = new PassThrough();
    docker.modem.demuxStream(source, text, text);
    const ended = new Promise<void>((resolve) => {
        source.on("end", resolve);
        source.on("close", resolve);
        source.on("error", () => resolve());
    });
    return { text, ended, end: () => (source as unknown as { destroy(): void }).destroy() };
}
