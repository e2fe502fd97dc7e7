import ignore from "@balena/dockerignore";
import * as crypto from "crypto";
import * as fs from "fs";
import * as path from "path";

/** One file of the project. */
export interface ProjectFile {
    /** Its path in the project, with `/` between folders. */
    path: string;
    /** Where it is on this machine: an absolute path. */
    source: string;
    /** The SHA-256 of its content, in hex. */
    sha256: string;
    /** Whether its owner may execute it. */
    executable: boolean;
    /** Its size in bytes. */
    size: number;
}

/** The project folder as it is on this machine. */
export interface Project {
    /** The folder: an absolute path. */
    folder: string;
    /** Its files, sorted by path. */
    files: ProjectFile[];
    /** Links to folders, which are not followed. */
    linkedFolders?: string[];
    /** Why it cannot be read or delivered. */
    problem?: string;
}

/** The file in the project folder that names what engines do not get, as for `docker build`. */
export const ignoreFile = ".dockerignore";

/** How much of a project can be delivered. */
export interface ProjectLimits {
    /** Each file travels to each engine on its own, and its description is in the state of the stack. */
    files: number;
    /** The provider reads a file into memory as a whole. */
    bytes: number;
}

const defaultLimits: ProjectLimits = { files: 1000, bytes: 256 * 2 ** 20 };

/**
 * Reads a project folder. Links to files are followed, links to folders are not; empty folders are left out. What is ignored is not
 * touched, and a folder beyond the limits is refused before a file of it is read.
 */
export function readProject(folder: string, limits = defaultLimits): Project {
    const absolute = path.resolve(folder);
    try {
        return { folder: absolute, ...readFolder(absolute, limits) };
    } catch (error) {
        return { folder: absolute, files: [], problem: formatFileError(error as NodeJS.ErrnoException) };
    }
}

function readFolder(folder: string, limits: ProjectLimits): Omit<Project, "folder"> {
    if (!fs.statSync(folder).isDirectory()) {
        return { files: [], problem: `${folder} is not a folder` };
    }
    const walk = new Walk(folder, limits, readRules(folder));
    walk.visit("");
    const { files, linkedFolders } = walk;
    if (files.length === 0) {
        return { files: [], problem: `the folder ${folder} holds no file` };
    }
    const sorted = files.sort((one, other) => (one.path < other.path ? -1 : 1));
    return {
        files: sorted.map((file) => ({ ...file, sha256: sha256Of(file.source) })),
        ...(linkedFolders.length === 0 ? {} : { linkedFolders }),
    };
}

/** What a failed access to a file means, without the name of a system call. */
export function formatFileError({ code, path: file, message }: NodeJS.ErrnoException): string {
    switch (code) {
        case "ENOENT":
            return file?.includes("\uFFFD")
                ? `${file} has a name that is not UTF-8; rename it`
                : `${file} does not exist`;
        case "EACCES":
        case "EPERM":
            return `${file} cannot be read: permission denied`;
        case "ELOOP":
            return `${file} is a link that leads back to itself`;
        case "ENAMETOOLONG":
            return `${file} cannot be read: its path is too long for this machine`;
        default:
            return file === undefined ? message : `${file} cannot be read (${code})`;
    }
}

/** Which entries of a project folder engines get. */
interface Rules {
    ignores(file: string): boolean;
    /** Whether some entry of an ignored folder may still be included. */
    mayInclude(folder: string): boolean;
}

function readRules(folder: string): Rules {
    const file = path.join(folder, ignoreFile);
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (found === undefined) {
        return { ignores: () => false, mayInclude: () => true };
    }
    if (!found.isFile()) {
        throw new Error(`${file} is not a file`);
    }
    const text = fs.readFileSync(file, "utf8");
    const rules = ignore().add(text);
    const exceptions = [...text.matchAll(/^\s*!(.*)$/gm)].map(([, pattern]) => startOf(pattern!.trim()));
    return {
        ignores: (entry) => rules.ignores(entry),
        mayInclude: (entry) => {
            const start = `${entry.toLowerCase()}/`;
            return exceptions.some((exception) => exception.startsWith(start) || start.startsWith(exception));
        },
    };
}

/** The part of a pattern that every entry has which it matches: up to its first wildcard. Patterns ignore case. */
function startOf(pattern: string): string {
    const [literal] = pattern.split(/[*?[\\]/);
    const clean = path.posix.normalize(`/${literal}`).slice(1).toLowerCase();
    return literal === pattern ? `${clean.replace(/\/$/, "")}/` : clean;
}

/** A walk through a project folder that stops at the limits. */
class Walk {
    readonly files: Omit<ProjectFile, "sha256">[] = [];
    readonly linkedFolders: string[] = [];
    private bytes = 0;

    constructor(
        private readonly root: string,
        private readonly limits: ProjectLimits,
        private readonly rules: Rules,
    ) {}

    visit(folder: string): void {
        for (const entry of fs.readdirSync(path.join(this.root, folder), { withFileTypes: true })) {
            const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
            const isIgnored = this.rules.ignores(file);
            if (entry.isDirectory()) {
                this.visitFolder(file, isIgnored);
            } else if (!isIgnored && (entry.isFile() || entry.isSymbolicLink())) {
                // A socket or a pipe has no content to deliver.
                this.add(file);
            }
        }
    }

    private visitFolder(folder: string, isIgnored: boolean): void {
        if (!isIgnored) {
            this.visit(folder);
        } else if (this.rules.mayInclude(folder)) {
            const isReadable = isAccessible(path.join(this.root, folder));
            if (isReadable) {
                this.visit(folder);
            }
        }
    }

    private add(file: string): void {
        const source = path.join(this.root, file);
        const stats = fs.statSync(source);
        if (stats.isDirectory()) {
            this.linkedFolders.push(file);
            return;
        }
        if (!stats.isFile()) {
            return;
        }
        const { size, mode } = stats;
        this.files.push({ path: file, source, executable: (mode & 0o100) !== 0, size });
        this.bytes += size;
        this.checkLimits(file, size);
    }

    private checkLimits(file: string, size: number): void {
        const { files, bytes } = this.limits;
        const remedy = `name what engines do not need in ${ignoreFile}, or put large data into the image`;
        if (this.files.length > files) {
            throw new Error(`the folder holds more than the ${files} files that can be delivered; ${remedy}`);
        }
        if (this.bytes > bytes) {
            const share = `${file} has ${Math.ceil(size / 2 ** 20)} MiB`;
            throw new Error(
                `the folder holds more than the ${bytes / 2 ** 20} MiB that can be delivered (${share}); ${remedy}`,
            );
        }
    }
}

function isAccessible(folder: string): boolean {
    try {
        fs.accessSync(folder, fs.constants.R_OK | fs.constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

function sha256Of(file: string): string {
    const hash = crypto.createHash("sha256");
    const chunk = Buffer.alloc(1 << 20);
    const descriptor = fs.openSync(file, "r");
    try {
        for (let read; (read = fs.readSync(descriptor, chunk)) > 0;) {
            hash.update(chunk.subarray(0, read));
        }
    } finally {
        fs.closeSync(descriptor);
    }
    return hash.digest("hex");
}
