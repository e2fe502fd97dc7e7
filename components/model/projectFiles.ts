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
    /** What kept it from being read, if anything did. */
    problem?: string;
}

/** The file in the project folder that names what engines do not get, as for `docker build`. */
export const ignoreFile = ".dockerignore";

/** Reads a project folder. Links to files are followed, links to folders are not; empty folders are left out. */
export function readProject(folder: string): Project {
    const absolute = path.resolve(folder);
    try {
        if (!fs.statSync(absolute).isDirectory()) {
            return { folder: absolute, files: [], problem: `${absolute} is not a folder` };
        }
        const paths = listFiles(absolute).filter(includedBy(absolute)).sort();
        if (paths.length === 0) {
            return { folder: absolute, files: [], problem: `the folder ${absolute} holds no file` };
        }
        return { folder: absolute, files: paths.map((file) => readFile(absolute, file)) };
    } catch (error) {
        return { folder: absolute, files: [], problem: formatFileError(error as NodeJS.ErrnoException) };
    }
}

/** What a failed access to a file means, without the name of a system call. */
export function formatFileError(error: NodeJS.ErrnoException): string {
    switch (error.code) {
        case "ENOENT":
            return `${error.path} does not exist`;
        case "EACCES":
        case "EPERM":
            return `${error.path} cannot be read: permission denied`;
        default:
            return error.message;
    }
}

function listFiles(root: string): string[] {
    const visit = (folder: string): string[] =>
        fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
            const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
            if (entry.isDirectory()) {
                return visit(file);
            }
            // A socket or a pipe has no content to deliver.
            const isFile = entry.isFile() || (entry.isSymbolicLink() && fs.statSync(path.join(root, file)).isFile());
            return isFile ? [file] : [];
        });
    return visit("");
}

function includedBy(root: string): (file: string) => boolean {
    const rules = path.join(root, ignoreFile);
    return fs.existsSync(rules) ? ignore().add(fs.readFileSync(rules, "utf8")).createFilter() : () => true;
}

function readFile(root: string, file: string): ProjectFile {
    const source = path.join(root, file);
    const { size, mode } = fs.statSync(source);
    return { path: file, source, sha256: sha256Of(source), executable: (mode & 0o100) !== 0, size };
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
