import { Problem, show } from "../model/errors";
import { Project, ignoreFile } from "../model/projectFiles";

/** Each file travels to each engine on its own, and its description is in the stack's state. */
const mostFiles = 1000;
/** The provider reads a file into memory as a whole. */
const mostBytes = 256 * 2 ** 20;

/** What keeps a project folder from travelling to the engines. */
export function validateProject(given: unknown, project: Project): Problem[] {
    const reason = problemOf(project);
    return reason === undefined ? [] : [{ path: "project", reason: `${show(given)}: ${reason}` }];
}

function problemOf({ files, problem }: Project): string | undefined {
    if (problem !== undefined) {
        return problem;
    }
    const wayOut = `name what engines do not need in ${ignoreFile}, or put large data into the image`;
    if (files.length > mostFiles) {
        return `the folder holds ${files.length} files, and ${mostFiles} can be delivered; ${wayOut}`;
    }
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const mib = Math.ceil(bytes / 2 ** 20);
    return bytes > mostBytes
        ? `the folder holds ${mib} MiB, and ${mostBytes / 2 ** 20} MiB can be delivered; ${wayOut}`
        : undefined;
}
