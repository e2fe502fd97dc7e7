import * as path from "path";
import * as pulumi from "@pulumi/pulumi";
import { DistributedSessionArgs, EngineSpec, OnWorkerFailure, Wait, WorkersSpec } from "./args";
import { DockerOptions } from "../docker/options";
import { engineImage } from "./engineImage";
import { map } from "./inputs";
import { KubernetesOptions } from "../kubernetes/options";
import { codeCommand, kernelOf, programOf, scriptCommand } from "./kernels";
import { Project, ProjectFile } from "./projectFiles";

/** What an engine is for. */
export type Role = "master" | "worker";

/** The files that engines get. */
export interface EngineFiles {
    /** The files of the project: one list for all templates. */
    files: readonly ProjectFile[];
    /** The paths of scripts that only engines of other templates run: their content may change without a replacement. */
    unwatched: readonly string[];
}

/** What engines have in common that differ by their rank alone. */
export interface EngineTemplate extends EngineFiles {
    role: Role;
    /** Where the arguments are, for texts. */
    path: "master" | "workers";
    image: pulumi.Input<string>;
    command: pulumi.Input<pulumi.Input<string>[]>;
    /** The kernel's program, which the image must have; undefined for a command of the user's. */
    program?: string;
    cpu: pulumi.Input<number>;
    memory: pulumi.Input<number>;
    nvidiaGpu: number;
    /** How often an engine is started again when it fails; infinity for one that serves. */
    restarts: number;
    /** The variables that the user adds. */
    env: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** The name of the project's folder, if there is a project. */
    project?: string;
    /** The first of the master's ports, if it has any. */
    masterPort?: number;
}

/** One engine, or any engine of a group: then without rank and alias. */
export interface Templated {
    template: EngineTemplate;
    /** 0 for the master, 1 to n for the workers. */
    rank?: number;
    /** What the other engines may call it: `master`, `worker-1`. */
    alias?: string;
}

/** One engine, in words that every backend understands. */
export interface PlannedEngine extends Templated {
    /** Its name, which is also its resource's: `hello-master`, `hello-worker-1`. */
    name: string;
    alias: string;
    rank: number;
    /** The name of its group; the master has none. */
    group?: string;
}

/** The master, which others reach on its ports. */
export interface PlannedMaster extends PlannedEngine {
    ports: readonly number[];
}

/** Workers that differ by their rank alone. */
export interface WorkerGroup extends Pick<Templated, "template"> {
    name: string;
    /** The rank of its first worker. */
    firstRank: number;
    /** How many workers it has. */
    count: number;
}

/** A session as plain data: what a backend turns into resources. */
export interface Plan {
    name: string;
    master: PlannedMaster;
    groups: WorkerGroup[];
    wait: Wait;
    /** How long to wait for the master's ports, in seconds; 0 is no limit. */
    startTimeout: number;
    /** How long to wait for what `wait` names, in seconds; 0 is no limit. */
    waitTimeout: number;
    onWorkerFailure: OnWorkerFailure;
    docker: DockerOptions;
    kubernetes: KubernetesOptions;
}

const defaultWait = Wait.Running;
const defaultTimeoutSeconds = 300;
const noLimit = 0;

/** Turns arguments that were found valid into a plan. */
export function planSession(name: string, args: DistributedSessionArgs, project: Project | undefined): Plan {
    const { wait = defaultWait, timeoutSeconds, master, workers } = args;
    const templateOf = (role: Role, spec: EngineSpec & Pick<WorkersSpec, "restart">) =>
        planTemplate(role, spec, args, project);
    return {
        name,
        master: {
            name: `${name}-master`,
            alias: "master",
            rank: 0,
            ports: master.ports ?? [],
            template: templateOf("master", master),
        },
        groups: [{ name: "workers", template: templateOf("worker", workers), firstRank: 1, count: workers.n }],
        wait,
        startTimeout: timeoutSeconds ?? defaultTimeoutSeconds,
        waitTimeout: timeoutSeconds ?? (wait === Wait.Completed ? noLimit : defaultTimeoutSeconds),
        onWorkerFailure: args.onWorkerFailure ?? OnWorkerFailure.Fail,
        docker: args.docker ?? {},
        kubernetes: args.kubernetes ?? {},
    };
}

function planTemplate(
    role: Role,
    spec: EngineSpec & Pick<WorkersSpec, "restart">,
    args: DistributedSessionArgs,
    project: Project | undefined,
): EngineTemplate {
    return {
        role,
        path: role === "master" ? "master" : "workers",
        image: spec.image ?? args.master.image ?? engineImage,
        ...planCommand(spec),
        cpu: spec.cpu ?? 1,
        memory: spec.memory ?? 1,
        nvidiaGpu: spec.nvidiaGpu ?? 0,
        files: project?.files ?? [],
        unwatched: othersScripts(spec, args),
        restarts: spec.restart?.attempts ?? (serves(args) ? Infinity : 0),
        env: spec.env ?? {},
        project: project === undefined ? undefined : path.basename(project.folder),
        masterPort: args.master.ports?.[0],
    };
}

/** In a session that runs, engines are services; in any other, they run once. */
function serves({ wait = defaultWait }: DistributedSessionArgs): boolean {
    return wait === Wait.Running;
}

function planCommand(spec: EngineSpec): Pick<EngineTemplate, "command" | "program"> {
    if (spec.command !== undefined) {
        return { command: spec.command };
    }
    const kernel = spec.kernel ?? kernelOf(spec.script);
    const program = programOf(kernel);
    return spec.script !== undefined
        ? { program, command: scriptCommand(kernel, path.posix.normalize(spec.script)) }
        : { program, command: map(spec.code!, (code) => codeCommand(kernel, code)) };
}

function othersScripts(spec: EngineSpec, { master, workers }: DistributedSessionArgs): string[] {
    const scripts = [master, workers].flatMap(({ script }) => (script ? [path.posix.normalize(script)] : []));
    const own = spec.script && path.posix.normalize(spec.script);
    return scripts.filter((script) => script !== own);
}

/** Whether a change of a file's content replaces the engines of a template. */
export function isWatched({ unwatched }: EngineFiles, file: ProjectFile): boolean {
    return !unwatched.includes(file.path);
}

/** The workers of a group, by rank. They are derived on demand: a plan of thousands is as small as one of two. */
export function workersIn({ name: session }: Plan, { name, template, firstRank, count }: WorkerGroup): PlannedEngine[] {
    return Array.from({ length: count }, (_, index) => {
        const rank = firstRank + index;
        const alias = `worker-${rank}`;
        return { name: `${session}-${alias}`, alias, rank, group: name, template };
    });
}

/** All workers of a plan, by rank. */
export function workersOf(plan: Plan): PlannedEngine[] {
    return plan.groups.flatMap((group) => workersIn(plan, group));
}

/** How many workers a plan has. */
export function workerCount({ groups }: Plan): number {
    return groups.reduce((sum, { count }) => sum + count, 0);
}

/** All engines of a plan, by rank. */
export function enginesOf(plan: Plan): PlannedEngine[] {
    return [plan.master, ...workersOf(plan)];
}
