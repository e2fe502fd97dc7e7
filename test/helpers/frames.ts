/** One frame of a container's output, as the Docker Engine API sends it. */
export function frame(text: string | Buffer, stream: 1 | 2 = 1): Buffer {
    const content = Buffer.from(text as string);
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(content.length, 4);
    return Buffer.concat([header, content]);
}
