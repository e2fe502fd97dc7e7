import * as path from "path";
import { EngineSpec } from "../model/args";
import { Problem, show } from "../model/errors";
import { Project } from "../model/projectFiles";

/** Where scripts are: in the project's folder, or in a place that cannot be looked into from here. */
export type Scripts = Project | typeof elsewhere | undefined;
export const elsewhere = "elsewhere";

const ways = ["script", "code", "command"] as const;

/** What is wrong with the choice of what an engine runs, and with its script. */
export function validateProgram(engine: string, spec: EngineSpec, project: Scripts): Problem[] {
    const chosen = ways.filter((way) => spec[way] !== undefined);
    if (chosen.length !== 1) {
        const what =
            chosen.length === 0 ? "none of script, code and command is given" : `${chosen.join(" and ")} are given`;
        return [{ path: engine, reason: `${what}; give exactly one of script, code and command` }];
    }
    const kernelForNothing = spec.command !== undefined && spec.kernel !== undefined;
    return [
        ...(kernelForNothing
            ? [
                  {
                      path: `${engine}.kernel`,
                      reason: `${show(spec.kernel)} runs a script or code, and a command is given; remove one of them`,
                  },
              ]
            : []),
        ...(spec.script === undefined ? [] : validateScript(`${engine}.script`, spec.script, project)),
    ];
}

function validateScript(property: string, script: string, project: Scripts): Problem[] {
    const reason = problemOfScript(script, project);
    return reason === undefined ? [] : [{ path: property, reason }];
}

function problemOfScript(script: string, project: Scripts): string | undefined {
    if (typeof script !== "string" || script.trim() === "") {
        return `${show(script)} is not the path of a file in the project folder`;
    }
    if (project === undefined) {
        return `${show(script)} needs a project folder: give project`;
    }
    const normal = path.posix.normalize(script);
    const outside = path.isAbsolute(script) || normal === ".." || normal.startsWith("../");
    if (project === elsewhere) {
        return outside ? `${show(script)} lies outside the volume; give a path within it` : undefined;
    }
    if (project.problem !== undefined) {
        return undefined;
    }
    if (outside) {
        return `${show(script)} lies outside the project folder ${project.folder}; give a path within it`;
    }
    const file = project.files.find((candidate) => candidate.path === normal);
    if (file === undefined) {
        return `${show(script)} is not a file in the project folder ${project.folder}`;
    }
    return file.size === 0 ? `${show(script)} is empty` : undefined;
}
