/** How much of the end of an output is kept. */
export const tailLines = 200;
export const tailBytes = 16 * 1024;

/** The end of a text that is kept: from a whole line on, or the end of the last line where that alone is longer. */
export function tailOf(text: string): string {
    const bytes = Buffer.from(text);
    if (bytes.length <= tailBytes) {
        return text;
    }
    // A character that is cut becomes one or more replacement characters.
    const end = bytes
        .subarray(-tailBytes)
        .toString("utf8")
        .replace(/^\ufffd+/, "");
    const lines = end.replace(/^[^\n]*\n/, "");
    return lines.trim() === "" ? end : lines;
}

/** The lines of a text. A progress bar goes back to the beginning of its line: each of its states is a line. */
export function linesOf(text: string): string[] {
    const inner = text.replace(/^\r+(?!\n)/, "").replace(/(\r*\n|\r+)$/, "");
    return text.replace(/^\r+/, "") === "" ? [] : inner.split(/\r*\n|\r+/);
}

/** Whether a line is the other one or, where it is long, the end of it. */
function isSame(one: string, other: string): boolean {
    const isLong = Math.max(one.length, other.length) * 4 > tailBytes;
    return one === other || (isLong && one !== "" && other !== "" && (one.endsWith(other) || other.endsWith(one)));
}

/** The last lines that have come: as many as the end that is kept can have. */
export class LastLines {
    private lines: string[] = [];

    add(lines: string[]): void {
        const all = [...this.lines, ...lines.slice(-tailLines)].slice(-tailLines);
        let size = 0;
        const first = all.findLastIndex((line) => (size += line.length + 1) > tailBytes);
        this.lines = all.slice(Math.max(first, 0));
    }

    /** How many lines of the end of the output have come: the longest beginning of it that was last seen. */
    countIn(tail: string[]): number {
        for (let count = Math.min(tail.length, this.lines.length); count > 0; count--) {
            const seen = this.lines.slice(-count);
            if (seen.every((line, index) => isSame(line, tail[index]!))) {
                return count;
            }
        }
        return 0;
    }

    get isEmpty(): boolean {
        return this.lines.length === 0;
    }
}
