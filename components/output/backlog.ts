import { End } from "./end";
import { Mask } from "./mask";

const longestLine = 64 * 1024;
const [newline, carriageReturn] = [0x0a, 0x0d];

/** What an engine has printed, and how many lines before it are left out. */
export interface Part {
    text: string;
    leftOut: number;
}

/**
 * The end of what an engine has printed and nobody has shown yet. It is kept as bytes, because a flood that was read as text would fill the
 * program's memory with lines that are left out.
 */
export class Backlog {
    private readonly end: End;
    private leftOut = 0;
    /** Whether the beginning of the first line is left out. */
    private isCut = false;

    /** Keeps at least as many lines, as far as they fit. */
    constructor(
        private readonly mask: Mask,
        lines: number,
    ) {
        this.end = new End(lines, (dropped) => {
            this.leftOut += dropped.lines;
            this.isCut = ![newline, carriageReturn].includes(dropped.bytes.at(-1)!);
        });
    }

    add(chunk: Buffer): void {
        this.end.add(chunk);
    }

    /** Takes the lines that are whole. */
    takeLines(): Part {
        const text = this.end.take();
        const end = endOfLines(text, this.mask);
        if (end < text.length) {
            this.end.add(text.subarray(end));
        }
        return this.part(text.subarray(0, end));
    }

    /** Takes all, with the line whose end has not come. */
    takeAll(): Part {
        return this.part(this.end.take());
    }

    private part(bytes: Buffer): Part {
        const whole = bytes.toString("utf8");
        const { leftOut, isCut } = this;
        if (whole === "") {
            return { text: "", leftOut: 0 };
        }
        [this.leftOut, this.isCut] = [0, false];
        const rest = isCut ? whole.replace(/^[^\n\r]*(\r*\n|\r+)/, "") : whole;
        const isLeftOut = rest.length < whole.length;
        return {
            text: isCut && !isLeftOut ? this.mask.fromWhole(whole) : rest,
            leftOut: leftOut + (isLeftOut ? 1 : 0),
        };
    }
}

/** Where the lines of a text end. A line that is too long is cut. */
function endOfLines(text: Buffer, mask: Mask): number {
    // The last byte may be half of a line's end.
    const end = Math.max(text.lastIndexOf(newline), text.lastIndexOf(carriageReturn, -2)) + 1;
    return text.length - end > longestLine ? Math.max(end, mask.safeEnd(text)) : end;
}
