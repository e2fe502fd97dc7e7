import * as path from "path";
import { EngineSpec } from "../args";
import { Problem, show } from "../errors";
import { Project } from "../projectFiles";

const ways = ["script", "code", "command"] as const;

/** What is wrong with the choice of what an engine runs, and with its script. */
export function validateProgram(engine: string, spec: EngineSpec, project: Project | undefined): Problem[] {
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

function validateScript(property: string, script: string, project: Project | undefined): Problem[] {
    const reason = problemOfScript(script, project);
    return reason === undefined ? [] : [{ path: property, reason }];
}

function problemOfScript(script: string, project: Project | undefined): string | undefined {
    if (typeof script !== "string" || script.trim() === "") {
        return `${show(script)} is not the path of a file in the project folder`;
    }
    if (project === undefined) {
        return `${show(script)} needs a project folder: give project`;
    }
    if (project.problem !== undefined) {
        return undefined;
    }
    const normal = path.posix.normalize(script);
    const outside = path.isAbsolute(script) || normal === ".." || normal.startsWith("../");
    if (outside) {
        return `${show(script)} lies outside the project folder ${project.folder}; give a path within it`;
    }
    const file = project.files.find((candidate) => candidate.path === normal);
    if (file === undefined) {
        return `${show(script)} is not a file in the project folder ${project.folder}`;
    }
    return file.size === 0 ? `${show(script)} is empty` : undefined;
}
