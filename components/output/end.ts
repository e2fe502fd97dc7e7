/** How much of the end of an output is read: secrets, which may be 128 KiB long, are hidden in it before it is cut once more. */
export const readBytes = 256 * 1024;

const blockBytes = 16 * 1024;
const [newline, carriageReturn] = [0x0a, 0x0d];

/** A full part of what is kept. */
interface Block {
    bytes: Buffer;
    /** How many lines end in it. */
    lines: number;
}

/**
 * Keeps the end of what comes, however much that is. What comes is copied into a few blocks that are used again: a flood comes line by line, and
 * to keep each of these chunks would take several times the memory.
 */
export class End {
    private readonly full: Block[] = [];
    private last: Buffer | undefined;
    /** How much of the last block is in use. */
    private length = 0;

    /** It keeps at least so many lines, as far as `readBytes` hold them. `dropped` gets what is no longer kept. */
    constructor(
        private readonly mostLines = Infinity,
        private readonly dropped?: (block: Block) => void,
    ) {}

    add(chunk: Buffer): void {
        for (let at = 0; at < chunk.length;) {
            const block = this.openBlock();
            const copied = chunk.copy(block, this.length, at);
            this.length += copied;
            at += copied;
        }
    }

    /** Takes everything that is kept. */
    take(): Buffer {
        const bytes = this.bytes();
        [this.full.length, this.length] = [0, 0];
        return bytes;
    }

    /** The text of the end. A character that is cut is left out. */
    toString(): string {
        const bytes = this.bytes();
        const isCut = bytes.length > readBytes;
        const text = bytes.subarray(-readBytes).toString("utf8");
        return isCut ? text.replace(/^\ufffd+/, "") : text;
    }

    private bytes(): Buffer {
        const rest = this.last?.subarray(0, this.length) ?? Buffer.alloc(0);
        return Buffer.concat([...this.full.map(({ bytes }) => bytes), rest]);
    }

    /** The last block, which has room. */
    private openBlock(): Buffer {
        if (this.last === undefined || this.length === blockBytes) {
            const free = this.last && this.close(this.last);
            this.last = free ?? Buffer.allocUnsafeSlow(blockBytes);
            this.length = 0;
        }
        return this.last;
    }

    /** Keeps a full block. Returns one that is no longer kept, if there is one. */
    private close(bytes: Buffer): Buffer | undefined {
        this.full.push({ bytes, lines: linesIn(bytes) });
        let free: Block | undefined;
        while (this.isEnough(this.full.slice(1))) {
            free = this.full.shift()!;
            this.dropped?.(free);
        }
        return free?.bytes;
    }

    private isEnough(blocks: Block[]): boolean {
        return (
            blocks.length * blockBytes >= readBytes ||
            blocks.reduce((sum, { lines }) => sum + lines, 0) >= this.mostLines
        );
    }
}

/** How many lines end in a text. */
function linesIn(text: Buffer): number {
    let count = 0;
    for (let at = 0; at < text.length; at++) {
        const next = text[at + 1];
        count +=
            text[at] === newline || (text[at] === carriageReturn && next !== newline && next !== carriageReturn)
                ? 1
                : 0;
    }
    return count;
}
