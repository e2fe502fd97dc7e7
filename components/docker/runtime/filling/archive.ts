import * as fs from "fs/promises";
import { Content } from "../../readOnlyRoot";

const blockBytes = 512;
const [fileType, folderType, longNameType] = ["0", "5", "L"];
/** A header has this much room for a name; a longer one is in an entry of its own. */
const longestName = 100;

/** Contents as a tar archive, whose paths begin at the root. All of it is root's, as what the provider uploads. */
export async function packArchive(contents: readonly Content[]): Promise<Buffer> {
    const entries = await Promise.all(contents.map(packEntry));
    return Buffer.concat([...entries, Buffer.alloc(2 * blockBytes)]);
}

async function packEntry({ path, isFolder, executable, source, text = "" }: Content): Promise<Buffer> {
    const name = path.slice(1);
    if (isFolder) {
        return entryOf(`${name}/`, folderType, 0o777, Buffer.alloc(0));
    }
    const bytes = source === undefined ? Buffer.from(text) : await fs.readFile(source);
    return entryOf(name, fileType, executable ? 0o755 : 0o644, bytes);
}

function entryOf(name: string, type: string, mode: number, bytes: Buffer): Buffer {
    const padding = Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes);
    const entry = Buffer.concat([headerOf(name, type, mode, bytes.length), bytes, padding]);
    const isLong = Buffer.byteLength(name) > longestName;
    return isLong ? Buffer.concat([entryOf("././@LongLink", longNameType, 0, Buffer.from(`${name}\0`)), entry]) : entry;
}

/** The header of an entry in GNU's form, which has long names and names in UTF-8. */
function headerOf(name: string, type: string, mode: number, size: number): Buffer {
    const header = Buffer.alloc(blockBytes);
    const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
    Buffer.from(name).copy(header, 0, 0, longestName);
    header.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0`, 100);
    // The sum is that of a header with blanks in its place.
    header.write("        ", 148);
    header.write(type, 156);
    header.write("ustar  \0", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${octal(sum, 6)}\0 `, 148);
    return header;
}
