import * as fs from "fs/promises";
import { buffer } from "stream/consumers";
import { pack } from "tar-stream";
import { Content } from "../../readOnlyRoot";

/** Contents as a tar archive, whose paths begin at the root. All of it is root's, as what the provider uploads. */
export async function packArchive(contents: readonly Content[]): Promise<Buffer> {
    // All files are read before the archive begins, so that a missing one leaves no half of it.
    const read = await Promise.all(contents.map(readContent));
    const archive = pack();
    for (const [index, { path, isFolder, executable }] of contents.entries()) {
        const name = path.slice(1);
        if (isFolder) {
            archive.entry({ name, type: "directory", mode: 0o777 });
        } else {
            archive.entry({ name, mode: executable ? 0o755 : 0o644 }, read[index]!);
        }
    }
    archive.finalize();
    return buffer(archive);
}

async function readContent({ source, text = "" }: Content): Promise<Buffer> {
    return source === undefined ? Buffer.from(text) : fs.readFile(source);
}
