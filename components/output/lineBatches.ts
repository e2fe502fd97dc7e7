import { Mask } from "./mask";
import { LastLines, linesOf } from "./tail";

const batchMs = 100;
const mostLinesPerBatch = 100;
const mostCharactersPerBatch = 256 * 1024;
const longestLine = 64 * 1024;
/** A longer text without an end of a line, in which each cut would part a secret, is nothing but secrets that overlap. */
const longestRest = 1024 * 1024;

/** Where the lines of a text end. A line that is too long is cut. */
function endOfLines(text: Buffer, mask: Mask): number {
    // The last byte may be half of a line's end.
    const end = Math.max(text.lastIndexOf(0x0a), text.lastIndexOf(0x0d, -2)) + 1;
    return text.length - end > longestLine ? Math.max(end, mask.safeEnd(text)) : end;
}

/**
 * Collects lines and shows them a few times a second, so that a chatty engine does not hold up the rest. A batch waits until the one before
 * is shown: Pulumi on a busy machine takes longer for a batch than a flood for the next, and all would wait for the last line.
 */
export class LineBatches {
    private readonly lines: string[] = [];
    private readonly seen = new LastLines();
    private rest = Buffer.alloc(0);
    private skipped = 0;
    private timer: NodeJS.Timeout | undefined;
    private showing: Promise<void> | undefined;

    constructor(
        private readonly mask: Mask,
        private readonly show: (lines: string) => Promise<void>,
    ) {}

    add(chunk: Buffer): void {
        const text = Buffer.concat([this.rest, chunk]);
        const end = text.length > longestRest ? text.length : endOfLines(text, this.mask);
        this.rest = text.subarray(end);
        if (end > 0) {
            this.push(linesOf(this.mask.apply(text.toString("utf8", 0, end))));
        }
        this.timer ??= setTimeout(() => this.hand(), batchMs);
    }

    /** Adds the lines of the end of the output that are missing. */
    catchUp(tail: string): void {
        const lines = linesOf(tail);
        const known = this.seen.countIn(lines);
        const missing = lines.slice(known);
        if (missing.length > 0) {
            // The tail has the line whose end was awaited.
            this.rest = Buffer.alloc(0);
        }
        const hasGap = missing.length > 0 && known === 0 && !this.seen.isEmpty;
        this.push([...(hasGap ? ["(some lines are not shown)"] : []), ...missing]);
    }

    /** Hands over everything, and settles when it was shown. */
    async flush(): Promise<void> {
        if (this.rest.length > 0) {
            const rest = this.rest;
            this.rest = Buffer.alloc(0);
            this.push(linesOf(this.mask.apply(rest.toString("utf8"))));
        }
        await this.showing;
        this.hand();
        await this.showing;
    }

    private push(lines: string[]): void {
        this.seen.add(lines);
        this.lines.push(...lines);
        let size = 0;
        const fitting = this.lines.findLastIndex((line) => (size += line.length) > mostCharactersPerBatch) + 1;
        // The last line is shown, however long it is.
        const surplus = Math.max(this.lines.length - mostLinesPerBatch, Math.min(fitting, this.lines.length - 1));
        if (surplus > 0) {
            this.lines.splice(0, surplus);
            this.skipped += surplus;
        }
    }

    private hand(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        if (this.showing !== undefined || this.lines.length === 0) {
            return;
        }
        const shown = () => {
            this.showing = undefined;
            if (this.lines.length > 0) {
                this.timer ??= setTimeout(() => this.hand(), batchMs);
            }
        };
        this.showing = this.show(this.takeBatch()).then(shown, shown);
    }

    private takeBatch(): string {
        const note = this.skipped > 0 ? [`(${this.skipped} lines are not shown)`] : [];
        this.skipped = 0;
        return [...note, ...this.lines.splice(0)].join("\n");
    }
}
