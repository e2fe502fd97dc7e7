import { pause } from "../observing/time";
import { Backlog, Part } from "./backlog";
import { Mask } from "./mask";
import { pLimit } from "./pLimit";
import { LastLines, linesOf, tailLines } from "./tail";

const batchMs = 100;
const mostLinesPerBatch = 100;
/** With others that wait for their turn, a flood shows its part of that, and at least so many lines. */
const fewestLinesPerBatch = 10;
/**
 * How long the next turn waits for each line of a flood. The client of Pulumi's engine leaves 10 KiB of garbage for each line, and V8 lets the heap
 * grow to the threefold where much of it comes in a second.
 */
const msPerLineOfFlood = 10;
const mostCharactersPerBatch = 256 * 1024;

/**
 * Collects lines and shows them a few times a second, so that a chatty engine does not hold up the rest. A batch waits until the one before
 * is shown: Pulumi on a busy machine takes longer for a batch than a flood for the next, and all would wait for the last line.
 */
export class LineBatches {
    private readonly lines: string[] = [];
    private readonly seen = new LastLines();
    private readonly backlog: Backlog;
    private hasNew = false;
    /** Aborted once no more is to come. */
    private readonly ending = new AbortController();
    private skipped = 0;
    private timer: NodeJS.Timeout | undefined;
    private showing: Promise<void> | undefined;

    /** `inTurn` runs a part when its turn has come; what is shown then is the newest. */
    constructor(
        private readonly mask: Mask,
        private readonly show: (lines: string) => Promise<void>,
        private readonly inTurn: pLimit.Limit = pLimit(1),
    ) {
        this.backlog = new Backlog(mask, Math.max(mostLinesPerBatch, tailLines));
    }

    add(chunk: Buffer): void {
        this.backlog.add(chunk);
        this.hasNew = true;
        this.timer ??= setTimeout(() => this.hand(), batchMs);
    }

    /** Adds the lines of the end of the output that are missing. No more is to come. */
    catchUp(tail: string): void {
        this.ending.abort();
        this.read(this.backlog.takeLines());
        const lines = linesOf(tail);
        const known = this.seen.countIn(lines);
        const missing = lines.slice(known);
        if (missing.length > 0) {
            // The tail has the line whose end was awaited.
            this.backlog.takeAll();
        }
        const hasGap = missing.length > 0 && known === 0 && !this.seen.isEmpty;
        this.push([...(hasGap ? ["(some lines are not shown)"] : []), ...missing]);
    }

    /** Hands over everything, and settles when it was shown. */
    async flush(): Promise<void> {
        this.ending.abort();
        await this.showing;
        this.read(this.backlog.takeAll());
        this.hand();
        await this.showing;
    }

    private read({ text, leftOut }: Part): void {
        this.skipped += leftOut;
        this.push(linesOf(this.mask.apply(text)));
    }

    private push(lines: string[]): void {
        this.seen.add(lines);
        this.lines.push(...lines);
        let size = 0;
        const fitting = this.lines.findLastIndex((line) => (size += line.length) > mostCharactersPerBatch) + 1;
        // The last line is shown, however long it is.
        const surplus = Math.max(this.lines.length - this.mostLines(), Math.min(fitting, this.lines.length - 1));
        if (surplus > 0) {
            this.lines.splice(0, surplus);
            this.skipped += surplus;
        }
    }

    private mostLines(): number {
        const isFlood = this.skipped > 0 || this.lines.length > mostLinesPerBatch;
        const part = Math.floor(mostLinesPerBatch / (1 + this.inTurn.pendingCount));
        return isFlood ? Math.max(fewestLinesPerBatch, part) : mostLinesPerBatch;
    }

    private hand(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        if (this.showing !== undefined) {
            return;
        }
        const shown = () => {
            this.showing = undefined;
            if (this.hasNew) {
                this.timer ??= setTimeout(() => this.hand(), batchMs);
            }
        };
        this.showing = this.inTurn(() => this.showBatch()).then(shown, shown);
    }

    private async showBatch(): Promise<void> {
        this.hasNew = false;
        this.read(this.backlog.takeLines());
        const floodLines = this.skipped > 0 ? this.lines.length : 0;
        if (this.lines.length > 0) {
            await this.show(this.takeBatch());
        }
        if (floodLines > 0) {
            await pause(floodLines * msPerLineOfFlood, this.ending.signal);
        }
    }

    private takeBatch(): string {
        const note = this.skipped > 0 ? [`(${this.skipped} lines are not shown)`] : [];
        this.skipped = 0;
        return [...note, ...this.lines.splice(0)].join("\n");
    }
}
