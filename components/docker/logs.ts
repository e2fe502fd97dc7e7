import type Docker from "dockerode";
import { PassThrough } from "stream";
import { within } from "./within";

const tailLines = 200;
const tailBytes = 16 * 1024;
const batchMs = 100;
const mostLinesPerBatch = 100;
const longestLine = 64 * 1024;

/** The end of what a container printed, both streams in the order in which Docker noted them. */
export async function readTail(docker: Docker, id: string): Promise<string | undefined> {
    try {
        const raw = await docker.getContainer(id).logs({ stdout: true, stderr: true, follow: false, tail: tailLines });
        return lastBytes(demultiplex(raw), tailBytes);
    } catch {
        // Some log drivers cannot be read: the output then is where the host's operator sent it.
        return undefined;
    }
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

function lastBytes(text: string, most: number): string {
    const bytes = Buffer.from(text);
    // From the first whole line on.
    return bytes.length <= most
        ? text
        : bytes
              .subarray(-most)
              .toString("utf8")
              .replace(/^[^\n]*\n/, "");
}

/** A container's output while it runs. */
export interface Following {
    /** Settles when the output has ended and every line was handed over, or when nothing has come for so long. */
    drained(idleMs: number): Promise<void>;
    /** Hands over the lines at the end of the output that have not come: a daemon may end a stream before its last lines. */
    catchUp(tail: string): void;
    /** Ends it at once, and settles when every line so far was handed over. */
    stop(): Promise<void>;
}

/** Hands over a container's output, line by line and in small batches, from a moment on (in ms; 0 is all of it). */
export async function follow(
    docker: Docker,
    id: string,
    since: number,
    show: (lines: string) => Promise<void>,
): Promise<Following> {
    const container = docker.getContainer(id);
    const source = await container.logs({ stdout: true, stderr: true, follow: true, since: since / 1000 });
    const lines = new LineBatches(show);
    const text = new PassThrough();
    let received = 0;
    text.on("data", (chunk: Buffer) => {
        received += chunk.length;
        lines.add(chunk);
    });
    docker.modem.demuxStream(source, text, text);
    const ended = new Promise<void>((resolve) => {
        source.on("end", resolve);
        source.on("close", resolve);
        source.on("error", () => resolve());
    }).then(() => lines.flush());
    const drained = async (idleMs: number) => {
        for (let before = -1; before !== received;) {
            before = received;
            if (
                await within(
                    idleMs,
                    ended.then(() => true),
                )
            ) {
                return;
            }
        }
    };
    const stop = async () => {
        (source as unknown as { destroy(): void }).destroy();
        await ended;
        await lines.flush();
    };
    return { drained, catchUp: (tail) => lines.catchUp(tail), stop };
}

/** Collects lines and shows them a few times a second, so that a chatty engine does not hold up the rest. */
class LineBatches {
    private readonly lines: string[] = [];
    private rest = Buffer.alloc(0);
    private last: string | undefined;
    private skipped = 0;
    private timer: NodeJS.Timeout | undefined;
    private shown: Promise<void> = Promise.resolve();

    constructor(private readonly show: (lines: string) => Promise<void>) {}

    add(chunk: Buffer): void {
        const text = Buffer.concat([this.rest, chunk]);
        // A line without an end, such as a progress bar, is shown in pieces.
        const end = text.length > longestLine ? text.length : text.lastIndexOf(0x0a) + 1;
        this.rest = text.subarray(end);
        if (end > 0) {
            this.lines.push(...text.toString("utf8", 0, end).replace(/\n$/, "").split("\n"));
        }
        this.trim();
        this.timer ??= setTimeout(() => this.hand(), batchMs);
    }

    catchUp(tail: string): void {
        const lines = tail === "" ? [] : tail.replace(/\n$/, "").split("\n");
        const last = this.lines.at(-1) ?? this.last;
        this.lines.push(...lines.slice(last === undefined ? 0 : lines.lastIndexOf(last) + 1));
        this.trim();
    }

    private trim(): void {
        const surplus = this.lines.length - mostLinesPerBatch;
        if (surplus > 0) {
            this.lines.splice(0, surplus);
            this.skipped += surplus;
        }
    }

    flush(): Promise<void> {
        clearTimeout(this.timer);
        if (this.rest.length > 0) {
            this.lines.push(this.rest.toString("utf8"));
            this.rest = Buffer.alloc(0);
        }
        this.hand();
        return this.shown;
    }

    private hand(): void {
        this.timer = undefined;
        const note = this.skipped === 0 ? [] : [`(${this.skipped} lines are not shown)`];
        this.last = this.lines.at(-1) ?? this.last;
        const batch = [...note, ...this.lines.splice(0)];
        this.skipped = 0;
        if (batch.length > 0) {
            this.shown = this.shown.then(() => this.show(batch.join("\n")));
        }
    }
}
