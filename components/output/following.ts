import { Source } from "../observing/runtime";
import { within } from "../observing/time";
import { LineBatches } from "./lineBatches";

/** An engine's output while it runs. */
export interface Following {
    /** Settles when the output has ended, when nothing has come for so long, or when it goes on for longer than `mostMs`. */
    drained(idleMs: number, mostMs: number): Promise<void>;
    /**
     * Ends it at once, and settles when every line was handed over. The tail is the end of the output, read apart: its lines that have not
     * come are handed over too, because a daemon may end a stream before its last lines.
     */
    stop(tail?: string): Promise<void>;
}

/** Hands over a text line by line, in small batches and without secrets. */
export function followText(source: Source, lines: LineBatches): Following {
    let received = 0;
    let isStopped = false;
    source.read((chunk) => {
        received += chunk.length;
        if (!isStopped) {
            lines.add(chunk);
        }
    });
    const drained = async (idleMs: number, mostMs: number) => {
        const end = Date.now() + mostMs;
        const ended = source.ended.then(() => true);
        for (let before = -1; before !== received && Date.now() < end;) {
            before = received;
            if (await within(idleMs, ended)) {
                return;
            }
        }
    };
    const stop = async (tail = "") => {
        isStopped = true;
        source.end();
        lines.catchUp(tail);
        await lines.flush();
    };
    return { drained, stop };
}
