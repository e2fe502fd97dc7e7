import { basename, posix } from "path";
import * as pulumi from "@pulumi/pulumi";
import * as crypto from "crypto";
import { CompleteOptions, completeOptions, giveFiles } from "../backendOptions";
import { buildCommandOf } from "../libraries/images";
import { Backend, DistributedSessionArgs, Egress, EngineSpec, OnWorkerFailure, PublishedPort, Wait } from "./args";
import { CompleteArgs, CompleteSharedFolder, CompleteVolume, withDefaults } from "./defaults";
import { isLater, map } from "./inputs";
import { aliasOf } from "./labels";
import { codeCommand, programOf, scriptCommand } from "./kernels";
import { agentCommand, isPool, launcherCommand, launcherPort } from "./pool";
import { Project, ProjectFile, home } from "../project/project";

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
    /** The name of the group of the engines; the master and the engines of `workers` have none. */
    group?: string;
    /** Where the arguments are, for texts. */
    path: string;
    image: pulumi.Input<string>;
    command: pulumi.Input<pulumi.Input<string>[]>;
    /** The kernel's program, which the image must have; undefined for a command of the user's. */
    program?: string;
    cpu: pulumi.Input<number>;
    memory: pulumi.Input<number>;
    /** Where the program starts; undefined is where its image says. */
    workingDir?: string;
    /** In GiB; undefined is no limit. */
    disk?: pulumi.Input<number>;
    nvidiaGpu: number;
    /** The seconds from SIGTERM to SIGKILL. */
    stopSeconds: number;
    /** How often an engine is started again when it fails; infinity for one that serves. */
    restarts: number;
    /** Whether it is started again whatever its exit code, so that one that ends with 0 has failed. */
    restartsAlways: boolean;
    /** The command that ends with 0 in a worker that has joined; undefined where `up` does not wait for that. */
    joinCheck?: pulumi.Input<pulumi.Input<string>[]>;
    /** The variables that the user adds. */
    env: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** The key of a session with a pool: apart from `env`, where it would make secrets of variables that come as a whole. */
    sessionKey?: pulumi.Output<string>;
    /** The name of the project's folder, if there is a project. */
    project?: string;
    /** The path of the shared folder, if there is one. */
    sharedFolder?: string;
    /** The port of the master that engines are given, if there is one. */
    masterPort?: number;
    /** The number of all engines, where they are given it. */
    worldSize?: number;
}

/** One engine, or any engine of a group: then without rank and alias. */
export interface Templated {
    template: EngineTemplate;
    /** 0 for the master, 1 to n for the workers of a group. */
    rank?: number;
    /** What the other engines may call it: `master`, `worker-1`, `gpu-1`. */
    alias?: string;
}

/** One engine, in words that every backend understands. */
export interface PlannedEngine extends Templated {
    /** Its name, which is also its resource's: `hello-master`, `hello-worker-1`. */
    name: string;
    alias: string;
    rank: number;
}

/** The master, which others reach on its ports. */
export interface PlannedMaster extends PlannedEngine {
    ports: readonly number[];
    /** The ports on which it listens before workers are created: with a pool, the launcher's alone. */
    awaitedPorts: readonly number[];
}

/** Workers that differ by their rank alone. */
export interface WorkerGroup extends Pick<Templated, "template"> {
    name: string;
    /** How many workers it has: their ranks are 1 to this number. */
    count: number;
}

/** A session as plain data: what a backend turns into resources. */
export interface Plan extends CompleteOptions {
    name: string;
    backend: Backend;
    master: PlannedMaster;
    /** `workers` first, and then the groups besides them. */
    groups: WorkerGroup[];
    /** The folder that all engines share, if there is one. */
    shared?: CompleteSharedFolder;
    /** What all engines mount besides it. */
    volumes: readonly CompleteVolume[];
    /** The ports of the master that are reached from outside the session. */
    publish: readonly PublishedPort[];
    /** Whether the workers run what the master launches. */
    hasPool: boolean;
    wait: Wait;
    /** How long to wait for the master's ports, in seconds; 0 is no limit. */
    startTimeout: number;
    /** How long to wait for what `wait` names, in seconds; 0 is no limit. */
    waitTimeout: number;
    onWorkerFailure: OnWorkerFailure;
    /** How many seconds an engine may live; undefined is no limit. */
    maxSeconds?: number;
    egress: Egress;
    /** Whether engines may write only in the folders that are for it. */
    readOnlyRoot: boolean;
}

const defaultTimeoutSeconds = 300;
/** How many seconds one run of a `joinCheck` may take. */
export const joinCheckSeconds = 10;
const noLimit = 0;

/** What a session is planned from besides its arguments. */
export interface Surroundings {
    project?: Project;
    /** The key of a session with a pool. */
    sessionKey?: pulumi.Output<string>;
}

/** Turns valid arguments into a plan. */
export function planSession(name: string, args: DistributedSessionArgs, surroundings: Surroundings = {}): Plan {
    const complete = withDefaults(args);
    const { backend, shared, volumes, master, workers, workerGroups, publish, wait, timeoutSeconds } = complete;
    const { onWorkerFailure, maxSeconds, egress, readOnlyRoot } = complete;
    const hasPool = isPool(workers);
    const templateOf = (place: TemplatePlace) => planTemplate(place, complete, surroundings);
    return {
        name,
        backend,
        master: {
            name: `${name}-master`,
            alias: "master",
            rank: 0,
            ports: master.ports,
            awaitedPorts: hasPool ? [launcherPort] : master.ports,
            template: templateOf({ role: "master", path: "master", spec: master }),
        },
        groups: [
            {
                name: "workers",
                template: templateOf({ role: "worker", path: "workers", spec: workers }),
                count: workers.n,
            },
            ...workerGroups.map((spec, index) => ({
                name: spec.name,
                template: templateOf({ role: "worker", group: spec.name, path: `workerGroups[${index}]`, spec }),
                count: spec.n,
            })),
        ],
        shared,
        volumes,
        publish,
        hasPool,
        wait,
        startTimeout: timeoutSeconds ?? defaultTimeoutSeconds,
        waitTimeout:
            timeoutSeconds ?? (wait === Wait.Completed || wait === Wait.Master ? noLimit : defaultTimeoutSeconds),
        onWorkerFailure,
        maxSeconds,
        egress,
        readOnlyRoot,
        ...completeOptions(args),
    };
}

/** Which engines a template is for, and their arguments. */
interface TemplatePlace extends Pick<EngineTemplate, "role" | "group" | "path"> {
    spec: CompleteArgs["master"] | CompleteArgs["workers"];
}

function planTemplate(
    { spec: given, ...place }: TemplatePlace,
    args: CompleteArgs,
    { project, sessionKey }: Surroundings,
): EngineTemplate {
    const { image, cpu, memory, disk, nvidiaGpu, stopSeconds, env, ...spec } = given;
    const restarts = "restart" in given ? given.restart.attempts : args.wait === Wait.Running ? Infinity : 0;
    return {
        ...place,
        image,
        ...(isPool(args.workers) ? planPoolCommand(spec, args) : planCommand(spec)),
        workingDir: workingDirOf(spec, args, image),
        cpu,
        memory,
        disk,
        nvidiaGpu,
        stopSeconds,
        files: project?.files ?? [],
        unwatched: othersScripts(spec, args),
        restarts,
        restartsAlways: "restart" in given && given.restart.always,
        joinCheck: "restart" in given && args.wait === Wait.Running ? given.joinCheck : undefined,
        env,
        sessionKey,
        project: project === undefined ? undefined : basename(project.folder),
        sharedFolder: args.shared?.path,
        masterPort: args.master.mainPort ?? args.master.ports[0],
        worldSize: args.worldSize ? 1 + args.workers.n : undefined,
    };
}

/** An image of others has a folder of its own, and programs start there unless the session has something for them in the home. */
function workingDirOf({ workingDir }: EngineSpec, args: CompleteArgs, image: pulumi.Input<string>): string | undefined {
    const isOfOthers = isLater(image) || buildCommandOf(image) === undefined;
    const usesHome = args.project !== undefined || giveFiles(args) || isPool(args.workers) || args.readOnlyRoot;
    return workingDir ?? (isOfOthers && !usesHome ? undefined : home);
}

function planCommand({ script, code, command, kernel }: EngineSpec): Pick<EngineTemplate, "command" | "program"> {
    if (command !== undefined) {
        return { command };
    }
    const program = programOf(kernel!);
    return script !== undefined
        ? { program, command: scriptCommand(kernel!, posix.normalize(script)) }
        : { program, command: map(code!, (text) => codeCommand(kernel!, text)) };
}

/** With a pool, the workers run agents, and the master's program runs in a launcher. */
function planPoolCommand(
    spec: EngineSpec,
    { master, wait }: CompleteArgs,
): Pick<EngineTemplate, "command" | "program"> {
    if (isPool(spec)) {
        return { command: agentCommand(wait === Wait.Running) };
    }
    const { command, program } = planCommand(spec);
    return { command: launcherCommand(master.ports, command), program };
}

function othersScripts(spec: EngineSpec, { master, workers, workerGroups }: CompleteArgs): string[] {
    const scripts = [master, workers, ...workerGroups].flatMap(({ script }) =>
        script ? [posix.normalize(script)] : [],
    );
    const own = spec.script && posix.normalize(spec.script);
    return scripts.filter((script) => script !== own);
}

/** Whether a change of a file's content replaces the engines of a template. */
export function isWatched({ unwatched }: EngineFiles, file: ProjectFile): boolean {
    return !unwatched.includes(file.path);
}

/** A word for the files of a template whose change replaces its engines: their paths, contents and run bits. */
export function digestOfFiles(engine: EngineFiles): string {
    const hash = crypto.createHash("sha256");
    for (const file of engine.files.filter((each) => isWatched(engine, each))) {
        hash.update(`${file.path}\0${file.sha256}\0${file.executable}\n`);
    }
    return hash.digest("hex").slice(0, 8);
}

/** The workers of a group, by rank. They are derived on demand: a plan of thousands is as small as one of two. */
export function workersIn({ name: session }: Plan, { template, count }: WorkerGroup): PlannedEngine[] {
    const { group } = template;
    return Array.from({ length: count }, (_, index) => {
        const rank = index + 1;
        const alias = aliasOf({ rank, group });
        return { name: `${session}-${alias}`, alias, rank, template };
    });
}

/** All workers of a plan, group by group, by rank. */
export function workersOf(plan: Plan): PlannedEngine[] {
    return plan.groups.flatMap((group) => workersIn(plan, group));
}

/** How many workers a plan has. */
export function workerCount({ groups }: Plan): number {
    return groups.reduce((sum, { count }) => sum + count, 0);
}

/** The ports of the master that others know of: those that workers wait for, and then those that are published only. */
export function knownPorts({ master, publish }: Plan): number[] {
    return [...new Set([...master.ports, ...publish.map(({ port }) => port)])];
}

/** All engines of a plan: the master first, and then the workers. */
export function enginesOf(plan: Plan): PlannedEngine[] {
    return [plan.master, ...workersOf(plan)];
}
