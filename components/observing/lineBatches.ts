import { Mask } from "./mask";

const batchMs = 100;
const mostLinesPerBatch = 100;
const longestLine = 64 * 1024;

/** Collects lines and shows them a few times a second, so that a chatty engine does not hold up the rest. */
export class LineBatches {
    private readonly lines: string[] = [];
    private rest = Buffer.alloc(0);
    private last: string | undefined;
    private skipped = 0;
    private timer: NodeJS.Timeout | undefined;
    private shown: Promise<void> = Promise.resolve();

    constructor(
        private readonly mask: Mask,
        private readonly show: (lines: string) => Promise<void>,
    ) {}

    add(chunk: Buffer): void {
        const text = Buffer.concat([this.rest, chunk]);
        // A line without an end, such as a progress bar, is shown in pieces.
        const end = text.length > longestLine ? text.length : text.lastIndexOf(0x0a) + 1;
        this.rest = text.subarray(end);
        if (end > 0) {
            this.lines.push(
                ...this.mask
                    .apply(text.toString("utf8", 0, end))
                    .replace(/\n$/, "")
                    .split("\n"),
            );
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
            this.lines.push(this.mask.apply(this.rest.toString("utf8")));
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
