/** How much of the end of an output is kept. */
export const tailLines = 200;
const tailBytes = 16 * 1024;

/** The end of a text that is kept: from a whole line on. */
export function tailOf(text: string): string {
    const bytes = Buffer.from(text);
    return bytes.length <= tailBytes
        ? text
        : bytes
              .subarray(-tailBytes)
              .toString("utf8")
              .replace(/^[^\n]*\n/, "");
}
