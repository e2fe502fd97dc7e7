import { isAbsolute, posix } from "path";
import { EngineSpec } from "../model/args";
import { Problem, show } from "../model/errors";
import { isPool } from "../model/pool";
import { Project, home, ignoreFile } from "../project/project";

/** Where scripts are: in the project's folder, or in a volume that cannot be read from here. */
export type Scripts = Project | typeof elsewhere | undefined;
export const elsewhere = "elsewhere";

const ways = ["script", "code", "command"] as const;

/** What is wrong with the choice of what an engine runs. `workers` may run what the master launches, and nothing else. */
export function validateProgram(engine: string, spec: EngineSpec): Problem[] {
    const chosen = ways.filter((way) => spec[way] !== undefined);
    if (chosen.length === 1 || (engine === "workers" && isPool(spec))) {
        return [];
    }
    const given =
        chosen.length === 0 ? "none of script, code and command is given" : `${chosen.join(" and ")} are given`;
    return [{ path: engine, reason: `${given}; give exactly one of script, code and command` }];
}

/** A kernel beside a command has no effect, and neither has one of a pool. */
export function validateKernel(engine: string, spec: EngineSpec): Problem[] {
    const { command, kernel } = spec;
    if (kernel !== undefined && engine === "workers" && isPool(spec)) {
        const ofLaunch = `${show(kernel)} has no effect without script and code: launch_workers names the kernel; remove it`;
        return [{ path: `${engine}.kernel`, reason: ofLaunch }];
    }
    const reason = `${show(kernel)} runs a script or code, and a command is given; remove one of them`;
    return command === undefined || kernel === undefined ? [] : [{ path: `${engine}.kernel`, reason }];
}

/** Scripts are found from the home: those of the project, and those that a master launches. */
export function validateWorkingDir(engine: string, { workingDir, script }: EngineSpec, hasPool: boolean): Problem[] {
    if (workingDir === undefined || workingDir === home || (script === undefined && !hasPool)) {
        return [];
    }
    const reader = script === undefined ? "a pool runs its work" : `the script ${show(script)} is`;
    const reason = `${show(workingDir)} is given, and ${reader} in ${home}; remove it, or use code or a command`;
    return [{ path: `${engine}.workingDir`, reason }];
}

/** What is wrong with a script, which the property at `path` names. */
export function validateScript(path: string, script: string | undefined, project: Scripts): Problem[] {
    const reason = script === undefined ? undefined : problemOf(script, project);
    return reason === undefined ? [] : [{ path, reason: `${show(script)} ${reason}` }];
}

function problemOf(script: string, project: Scripts): string | undefined {
    if (project === undefined) {
        return "needs a project folder: give project";
    }
    const normal = posix.normalize(script);
    const outside = isAbsolute(script) || normal === ".." || normal.startsWith("../");
    if (project === elsewhere) {
        return outside ? "lies outside the volume; give a path within it" : undefined;
    }
    if (project.problem !== undefined) {
        return undefined;
    }
    if (outside) {
        return `lies outside the project folder ${project.folder}; give a path within it`;
    }
    const link = project.linkedFolders?.find((folder) => normal.startsWith(`${folder}/`));
    if (link !== undefined) {
        return `lies in ${link}, a link to a folder, which is not followed; copy the folder into the project`;
    }
    if (project.leftOut?.some((entry) => normal === entry || normal.startsWith(`${entry}/`))) {
        return `is private by habit, and not delivered; name it in ${ignoreFile}, with a ! before it`;
    }
    const file = project.files.find((candidate) => candidate.path === normal);
    if (file === undefined) {
        return `is not a file in the project folder ${project.folder}`;
    }
    return file.size === 0 ? "is empty" : undefined;
}
