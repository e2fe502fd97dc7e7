import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../toolchain/versions";

/** A Markdown document of the project. */
export interface Document {
    /** Its path in the project, such as `docs/engine.md`. */
    file: string;
    text: string;
}

/** All documents, the generated reference included. */
export function documents(): Document[] {
    const inDocs = fs.readdirSync(path.join(projectFolder, "docs"), { recursive: true, encoding: "utf8" });
    const files = [...fs.readdirSync(projectFolder), ...inDocs.map((file) => path.posix.join("docs", file))];
    return files.filter((file) => file.endsWith(".md")).map((file) => ({ file, text: readDocument(file) }));
}

export function readDocument(file: string): string {
    return fs.readFileSync(path.join(projectFolder, file), "utf8");
}

/** The programs of the hand-written documents by name: each opens with ```ts title="its name". */
export function programs(): Map<string, string> {
    const found = new Map<string, string>();
    for (const { file, text } of documents().filter(({ file }) => !file.startsWith("docs/reference/"))) {
        for (const [, title = "", program] of text.matchAll(/^```ts(.*)\n([^]*?)^```/gm)) {
            const name = /^ title="([\w-]+)"$/.exec(title)?.[1];
            if (name === undefined || found.has(name)) {
                throw new Error(`A program in ${file} needs a title of its own: \`\`\`ts title="name"`);
            }
            found.set(name, program!);
        }
    }
    return found;
}

/** The anchors that a host of Markdown makes of a document's headings: a heading that is there twice gets a number. */
export function anchorsOf(text: string): Set<string> {
    const counts = new Map<string, number>();
    const headings = text.replace(/^```[^]*?^```/gm, "").matchAll(/^#+ (.+)$/gm);
    return new Set(
        [...headings].map(([, heading]) => {
            const words = heading!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "");
            const anchor = words.replaceAll(" ", "-");
            const count = counts.get(anchor) ?? 0;
            counts.set(anchor, count + 1);
            return count === 0 ? anchor : `${anchor}-${count}`;
        }),
    );
}
