import type { Readable } from "stream";
import { EngineHost } from "./engineHost";
import { LineBatches } from "./lineBatches";
import { Status } from "../outputs";
import { Mask } from "./mask";
import { within } from "./within";

const flushMs = 2000;

/** An engine's output while it runs. */
export interface Following {
    /** Settles when the output has ended and every line was handed over, or when nothing has come for so long. */
    drained(idleMs: number): Promise<void>;
    /** Hands over the lines at the end of the output that have not come: a daemon may end a stream before its last lines. */
    catchUp(tail: string): void;
    /** Ends it at once, and settles when every line so far was handed over. */
    stop(): Promise<void>;
}

/** A stream of text that comes over a connection. */
export interface Source {
    text: Readable;
    /** Settles when nothing more comes. */
    ended: Promise<void>;
    /** Closes the connection. */
    end(): void;
}

/** Hands over a text line by line, in small batches and without secrets. */
export function followText(source: Source, mask: Mask, show: (lines: string) => Promise<void>): Following {
    const lines = new LineBatches(mask, show);
    let received = 0;
    source.text.on("data", (chunk: Buffer) => {
        received += chunk.length;
        lines.add(chunk);
    });
    const ended = source.ended.then(() => lines.flush());
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
        source.end();
        await ended;
        await lines.flush();
    };
    return { drained, catchUp: (tail) => lines.catchUp(tail), stop };
}

/** The outputs that are followed, until all watching ends. */
export class Followings {
    private readonly open: { key: string; following: Following }[] = [];
    private closed = false;

    keep(key: string, following: Following): void {
        if (this.closed) {
            void following.stop();
        } else {
            this.open.push({ key, following });
        }
    }

    /** Shows what engines that have ended printed last, and ends all following. */
    async close(host: EngineHost): Promise<void> {
        this.closed = true;
        const ending = this.open.splice(0).map(async ({ key, following }) => {
            const seen = await host.look(key).catch(() => undefined);
            if (seen !== undefined && seen.status !== Status.Running) {
                await following.drained(flushMs);
                following.catchUp((await host.readTail(key)) ?? "");
            }
            await within(flushMs, following.stop());
        });
        await Promise.all(ending);
    }
}
