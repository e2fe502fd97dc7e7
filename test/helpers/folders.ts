import * as fs from "fs";
import * as os from "os";
import * as path from "path";

const made: string[] = [];

/** A new folder with these files: their text or bytes by their path. */
export function folderWith(files: Record<string, string | Buffer> = {}): string {
    // The system's own folder may be a link, and a project's folder is named as it is given.
    const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "session-test-"));
    made.push(folder);
    for (const [file, content] of Object.entries(files)) {
        const target = path.join(folder, file);
        fs.mkdirSync(path.dirname(target), { recursive: true });
        fs.writeFileSync(target, content);
    }
    return folder;
}

/** Removes every folder made so far: for `after`. */
export function removeFolders(): void {
    for (const folder of made.splice(0)) {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}
