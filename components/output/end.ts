/** How much of the end of an output is read: secrets, which may be 128 KiB long, are hidden in it before it is cut once more. */
export const readBytes = 256 * 1024;

/** Keeps the end of what comes, however much that is. */
export class End {
    private readonly chunks: Buffer[] = [];
    private size = 0;

    /** Adds what has come. Returns what is no longer kept. */
    add(chunk: Buffer): Buffer[] {
        this.chunks.push(chunk);
        this.size += chunk.length;
        const dropped: Buffer[] = [];
        while (this.size - this.chunks[0]!.length >= readBytes) {
            dropped.push(this.chunks.shift()!);
            this.size -= dropped.at(-1)!.length;
        }
        return dropped;
    }

    /** Takes everything that is kept. */
    take(): Buffer {
        this.size = 0;
        return Buffer.concat(this.chunks.splice(0));
    }

    /** The text of the end. A character that is cut is left out. */
    toString(): string {
        const bytes = Buffer.concat(this.chunks);
        const isCut = bytes.length > readBytes;
        const text = bytes.subarray(-readBytes).toString("utf8");
        return isCut ? text.replace(/^\ufffd+/, "") : text;
    }
}
