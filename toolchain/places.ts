import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The folder of the project. */
export const projectFolder = path.resolve(__dirname, "..");

/** The folder of the local state. */
export const stateFolder = path.join(projectFolder, ".state");

/** Pulumi's own folder. */
export function pulumiHome(): string {
    return path.resolve(process.env.PULUMI_HOME || path.join(os.homedir(), ".pulumi"));
}

/** Where programs for Pulumi go that the machine lacks. */
export function programFolder(): string {
    return path.join(pulumiHome(), "bin");
}

/** A folder for what only the toolchain uses. */
export function ownFolder(name: string): string {
    return path.join(pulumiHome(), "distributed-session", name);
}

/** The file of a program on a PATH. */
export function findProgram(name: string, searchPath: string | undefined = process.env.PATH): string | undefined {
    const folders = (searchPath ?? "").split(path.delimiter).filter((folder) => folder !== "");
    return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

/** Gives `use` a new folder inside `parent`, on the same file system as what will be moved there, and removes it afterwards. */
export async function withScratch<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
    fs.mkdirSync(parent, { recursive: true });
    const folder = fs.mkdtempSync(path.join(parent, ".partial-"));
    try {
        return await use(folder);
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}
