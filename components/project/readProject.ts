import * as crypto from "crypto";
import * as fs from "fs";
import * as path from "path";
import { Project, ProjectLimits } from "./project";
import { readRules } from "./rules";
import { Walk } from "./walk";

const defaultLimits: ProjectLimits = { files: 1000, bytes: 256 * 2 ** 20 };

/**
 * Reads a project folder. Links to files in it are followed, links to folders are not; empty folders and what is private by habit are
 * left out. What is ignored is not touched, and a folder beyond the limits is refused before a file of it is read.
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
    const { files, linkedFolders, leftOut } = walk;
    if (files.length === 0) {
        const privately = leftOut.length === 0 ? "" : ` but private ones (${listLeftOut(leftOut)})`;
        return { files: [], problem: `the folder ${folder} holds no file${privately}` };
    }
    const sorted = files.sort((one, other) => (one.path < other.path ? -1 : 1));
    return {
        files: sorted.map((file) => ({ ...file, sha256: sha256Of(file.source) })),
        ...(linkedFolders.length === 0 ? {} : { linkedFolders }),
        ...(leftOut.length === 0 ? {} : { leftOut: leftOut.sort() }),
    };
}

const mostListed = 5;

/** The names of what was left out, as far as a line holds them. */
export function listLeftOut(names: readonly string[]): string {
    const rest = names.length > mostListed ? ` and ${names.length - mostListed} more` : "";
    return `${names.slice(0, mostListed).join(", ")}${rest}`;
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
