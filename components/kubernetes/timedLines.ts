/** A time takes 35 characters; a line without one is a word of the kubelet's own. */
const longestTime = 64;
const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const [space, newline] = [0x20, 0x0a];

/**
 * Takes the times off the lines of a Pod's log, and remembers the last one. A log that is opened again begins somewhat earlier than it
 * had ended; what was there already is left out.
 */
export class TimedLines {
    private last: string | undefined;
    /** How many bytes of the last line have come. */
    private cameOfLast = 0;
    private isAgain = false;
    private isInLine = false;
    private toSkip = 0;
    private head = Buffer.alloc(0);

    /** Where to open the log again; undefined where nothing has come. */
    get lastTime(): string | undefined {
        return this.last;
    }

    /** Begins with a log that was opened again. */
    openAgain(): void {
        [this.isAgain, this.isInLine, this.head] = [true, false, Buffer.alloc(0)];
    }

    /** The new text in a part of the log. */
    take(chunk: Buffer): Buffer {
        const data = Buffer.concat([this.head, chunk]);
        const texts: Buffer[] = [];
        this.head = Buffer.alloc(0);
        for (let at = 0; at < data.length;) {
            const from = this.isInLine ? at : this.beginLine(data, at);
            if (from === undefined) {
                this.head = data.subarray(at);
                break;
            }
            const end = data.indexOf(newline, from) + 1;
            texts.push(this.takeText(data.subarray(from, end || data.length)));
            this.isInLine = end === 0;
            at = end || data.length;
        }
        return Buffer.concat(texts);
    }

    /** Reads the time of a line. Returns where its text begins; undefined where the time is not complete. */
    private beginLine(data: Buffer, at: number): number | undefined {
        const length = data.subarray(at, at + longestTime).indexOf(space);
        if (length < 0 && data.length - at < longestTime) {
            return undefined;
        }
        const time = length < 0 ? "" : data.toString("utf8", at, at + length);
        this.isInLine = true;
        this.toSkip = 0;
        if (!isTime.test(time)) {
            return at;
        }
        if (this.isAgain && this.last !== undefined && time < this.last) {
            this.toSkip = Infinity;
        } else {
            const isSame = this.isAgain && time === this.last;
            this.toSkip = isSame ? this.cameOfLast : 0;
            this.cameOfLast = isSame ? this.cameOfLast : 0;
            [this.isAgain, this.last] = [false, time];
        }
        return at + length + 1;
    }

    private takeText(text: Buffer): Buffer {
        const isOld = this.toSkip === Infinity;
        const known = Math.min(this.toSkip, text.length);
        this.toSkip -= isOld ? 0 : known;
        this.cameOfLast += isOld ? 0 : text.length - known;
        return text.subarray(known);
    }
}
