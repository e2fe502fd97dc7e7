/** The folder of every engine in which its program starts, and which has the files of the project. */
export const home = "/home/cdsw";

/** The folder of every engine for what it needs for a while. */
export const scratch = "/tmp";

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
    /** Files and folders that are private by habit, and not delivered. */
    leftOut?: string[];
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
