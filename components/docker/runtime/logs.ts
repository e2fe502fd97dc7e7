import type { Docker } from "../dockerode";
import * as pulumi from "@pulumi/pulumi";
import { Source } from "../../observing/runtime";
import { pause } from "../../observing/time";
import { End } from "../../output/end";
import { tailLines } from "../../output/tail";
import { openStream } from "./connect";
import { formatDaemonError, withRetry } from "./retry";

const notImplemented = 501;

/** How often the daemon is asked again after an error of its own. */
const mostErrors = 3;
const errorPauseMs = 500;

/** The end of what a container printed, both streams in the order in which Docker noted them. */
export async function readTail(docker: Docker, id: string): Promise<string | undefined> {
    for (let errors = 1; ; errors++) {
        try {
            return await withRetry(() => readEnd(docker, id));
        } catch (error) {
            void pulumi.log.debug(`The end of the output of ${id}: ${formatDaemonError(error)}`);
            if (!isErrorOfDaemon(error) || errors > mostErrors) {
                return undefined;
            }
            await pause(errorPauseMs);
        }
    }
}

/** Reads the last lines, of any length, and keeps their end. The library's own way keeps all of them. */
async function readEnd(docker: Docker, id: string): Promise<string> {
    const request = {
        path: `/containers/${id}/logs?`,
        method: "GET",
        options: { stdout: true, stderr: true, tail: tailLines },
    };
    const answer = await openStream(docker, request);
    const [frames, end] = [new Frames(), new End()];
    for await (const chunk of answer) {
        frames.take(chunk as Buffer).forEach((part) => end.add(part));
    }
    return end.toString();
}

/** Whether the daemon could not answer now. Some log drivers cannot be read at all: the output is where the host's operator sent it. */
function isErrorOfDaemon(error: unknown): boolean {
    const { statusCode = 0 } = error as { statusCode?: number };
    return statusCode >= 500 && statusCode !== notImplemented;
}

const headerBytes = 8;

const none = Buffer.alloc(0);

/** Takes the text out of Docker's frames as they come: 1 byte of stream, 3 of nothing, 4 of length, then the text. */
export class Frames {
    private header: Buffer = none;
    /** How much of the text of the last frame is still to come. */
    private rest = 0;

    take(chunk: Buffer): Buffer[] {
        const data = this.header.length === 0 ? chunk : Buffer.concat([this.header, chunk]);
        this.header = none;
        const parts: Buffer[] = [];
        for (let at = 0; at < data.length;) {
            if (this.rest > 0) {
                const part = data.subarray(at, at + this.rest);
                parts.push(part);
                this.rest -= part.length;
                at += part.length;
            } else if (data.length - at < headerBytes) {
                this.header = data.subarray(at);
                break;
            } else {
                this.rest = data.readUInt32BE(at + 4);
                at += headerBytes;
            }
        }
        return parts;
    }
}

/** The text in Docker's frames, as far as it is there. */
export function demultiplex(raw: Buffer): string {
    return Buffer.concat(new Frames().take(raw)).toString("utf8");
}

/** Opens a container's output from a moment on (in ms; 0 is all of it). */
export async function openOutput(docker: Docker, id: string, since: number): Promise<Source> {
    const container = docker.getContainer(id);
    const source = await container.logs({ stdout: true, stderr: true, follow: true, since: since / 1000 });
    // The library's own way takes several times the time and the memory: a flood comes frame by frame.
    const frames = new Frames();
    const read = (take: (chunk: Buffer) => void) =>
        void source.on("data", (chunk: Buffer) => frames.take(chunk).forEach(take));
    const ended = new Promise<void>((resolve) => {
        source.on("end", resolve);
        source.on("close", resolve);
        source.on("error", () => resolve());
    });
    return { read, ended, end: () => (source as unknown as { destroy(): void }).destroy() };
}
