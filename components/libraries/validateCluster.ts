import { giveFiles } from "../backendOptions";
import { Backend } from "../model/args";
import { withDefaults } from "../model/defaults";
import { Problem, show } from "../model/errors";
import { readProject } from "../project/readProject";
import { Check, checkObject, optional } from "../validation/checkObject";
import * as is from "../validation/checks";
import { validate } from "../validation/validate";
import { elsewhere, validateScript } from "../validation/validateProgram";
import { ClusterArgs } from "./args";
import { Preset, givenWorkers, hasProgram, propertiesOfCluster, sessionArgsOf } from "./preset";

/** Stands for a job that is wrong, so that the rest is checked too. */
const anyJob = "job.py";

/** What is left to the checks of the session. */
const anything: Check = () => [];

const clusterChecks = {
    ...Object.fromEntries(Object.keys(propertiesOfCluster).map((name) => [name, anything])),
    job: optional(is.scriptPath),
};

/** What the arguments are checked for. */
interface Checked {
    preset: Preset;
    /** The checks of what only this library's arguments have. */
    checks?: Record<string, Check>;
}

/** Everything that is wrong with the arguments of a cluster: its own, and those of the session that it is. */
export function validateCluster({ preset, checks }: Checked, name: string, args: ClusterArgs): Problem[] {
    const shape = checkObject("", args, { ...clusterChecks, ...checks });
    if (shape.some(({ path }) => path === "args")) {
        return shape;
    }
    const isSound = !shape.some(({ path }) => path === "job");
    const own = isSound ? validateJob(preset, args) : [];
    const project = typeof args.project === "string" ? readProject(args.project) : undefined;
    const session = sessionArgsOf(preset, isSound && own.length === 0 ? args : { ...args, job: anyJob });
    const ofSession = validate(name, session, project);
    // Options with problems say nothing of where the files are.
    const isClear = ofSession.every(({ path }) => !Object.values(Backend).some((backend) => path.startsWith(backend)));
    const scripts = isClear && giveFiles(withDefaults(session)) ? elsewhere : project;
    const ofScript = isSound && isClear && own.length === 0 ? validateScript("job", args.job, scripts) : [];
    return [...shape, ...own, ...ofScript, ...ofSession, ...validateMemory(preset, args)];
}

/** What is wrong with the choice of what the master runs. */
function validateJob({ master: { serve } }: Preset, { job, master }: ClusterArgs): Problem[] {
    const isGiven = hasProgram(master);
    if (job !== undefined && isGiven) {
        return [{ path: "job", reason: `${show(job)} is given beside a program of master; give one of them` }];
    }
    const isNeeded = job === undefined && serve === undefined && !isGiven;
    return isNeeded ? [{ path: "job", reason: "is missing; give the path of a file in the project folder" }] : [];
}

/** What is wrong with the memory of the workers, beyond what no engine can have. */
function validateMemory({ workers: { leastMemory = 0 } }: Preset, args: ClusterArgs): Problem[] {
    return givenWorkers(args).flatMap(({ path, spec: { memory } }) => {
        const isLittle = typeof memory === "number" && memory < leastMemory && is.memory("", memory).length === 0;
        const reason = `${show(memory)} is too little for a worker of this library; give at least ${leastMemory} (GiB)`;
        return isLittle ? [{ path: `${path}.memory`, reason }] : [];
    });
}
