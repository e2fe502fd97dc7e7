import * as path from "path";
import * as pulumi from "@pulumi/pulumi";
import { DistributedSessionArgs, EngineSpec, OnWorkerFailure, Wait, WorkersSpec } from "./args";
import { DockerOptions } from "../docker/options";
import { engineImage } from "./engineImage";
import { EnvironmentFacts } from "./environment";
import { map } from "./inputs";
import { KubernetesOptions } from "../kubernetes/options";
import { codeCommand, kernelOf, programOf, scriptCommand } from "./kernels";
import { Project, ProjectFile } from "./projectFiles";

/** A file that an engine gets. */
export interface PlannedFile extends ProjectFile {
    /** Whether a change of its content replaces the engine: not where it is another engine's script. */
    watched: boolean;
}

/** One engine, in words that every backend understands. */
export interface PlannedEngine {
    /** Its name, which is also its resource's: `hello-master`, `hello-worker-1`. */
    name: string;
    /** What the other engines may call it: `master`, `worker-1`. */
    alias: string;
    /** 0 for the master, 1 to n for the workers. */
    rank: number;
    /** Where its arguments are, for texts: `master` or `workers`. */
    path: string;
    image: pulumi.Input<string>;
    command: pulumi.Input<pulumi.Input<string>[]>;
    /** The kernel's program, which the image must have; undefined for a command of the user's. */
    program?: string;
    environment: EnvironmentFacts;
    cpu: pulumi.Input<number>;
    memory: pulumi.Input<number>;
    nvidiaGpu: number;
    files: PlannedFile[];
    /** How often it is started again when it fails; infinity for one that serves. */
    restarts: number;
    /** The ports that it listens on. */
    ports: number[];
}

/** Engines that are alike but for their rank. */
export interface WorkerGroup {
    engines: PlannedEngine[];
}

/** A session as plain data: what a backend turns into resources. */
export interface Plan {
    name: string;
    master: PlannedEngine;
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
    const { wait = defaultWait } = args;
    const master = planEngine(name, "master", 0, args.master, engineImage, args, project);
    const workers = Array.from({ length: args.workers.n }, (_, index) =>
        planEngine(name, "worker", index + 1, args.workers, master.image, args, project),
    );
    return {
        name,
        master: { ...master, ports: args.master.ports ?? [] },
        groups: [{ engines: workers }],
        wait,
        startTimeout: args.timeoutSeconds ?? defaultTimeoutSeconds,
        waitTimeout: args.timeoutSeconds ?? (wait === Wait.Completed ? noLimit : defaultTimeoutSeconds),
        onWorkerFailure: args.onWorkerFailure ?? OnWorkerFailure.Fail,
        docker: args.docker ?? {},
        kubernetes: args.kubernetes ?? {},
    };
}

function planEngine(
    session: string,
    role: "master" | "worker",
    rank: number,
    spec: EngineSpec & Pick<WorkersSpec, "restart">,
    defaultImage: pulumi.Input<string>,
    args: DistributedSessionArgs,
    project: Project | undefined,
): PlannedEngine {
    const alias = role === "master" ? "master" : `worker-${rank}`;
    const cpu = spec.cpu ?? 1;
    const memory = spec.memory ?? 1;
    return {
        name: `${session}-${alias}`,
        alias,
        rank,
        path: role === "master" ? "master" : "workers",
        image: spec.image ?? defaultImage,
        ...planCommand(spec),
        environment: {
            role,
            rank,
            cpu,
            memory,
            own: spec.env ?? {},
            project: project === undefined ? undefined : path.basename(project.folder),
            masterPort: args.master.ports?.[0],
        },
        cpu,
        memory,
        nvidiaGpu: spec.nvidiaGpu ?? 0,
        files: planFiles(spec, args, project),
        restarts: spec.restart?.attempts ?? (serves(args) ? Infinity : 0),
        ports: [],
    };
}

/** In a session that runs, engines are services; in any other, they run once. */
function serves({ wait = defaultWait }: DistributedSessionArgs): boolean {
    return wait === Wait.Running;
}

function planCommand(spec: EngineSpec): Pick<PlannedEngine, "command" | "program"> {
    if (spec.command !== undefined) {
        return { command: spec.command };
    }
    const kernel = spec.kernel ?? kernelOf(spec.script);
    const program = programOf(kernel);
    return spec.script !== undefined
        ? { program, command: scriptCommand(kernel, path.posix.normalize(spec.script)) }
        : { program, command: map(spec.code!, (code) => codeCommand(kernel, code)) };
}

/** Every engine sees every file; a script that only others run may change without replacing this one. */
function planFiles(spec: EngineSpec, args: DistributedSessionArgs, project: Project | undefined): PlannedFile[] {
    const scripts = [args.master, args.workers].map((each) => each.script && path.posix.normalize(each.script));
    const own = spec.script && path.posix.normalize(spec.script);
    return (project?.files ?? []).map((file) => ({
        ...file,
        watched: file.path === own || !scripts.includes(file.path),
    }));
}

/** All workers of a plan, by rank. */
export function workersOf(plan: Plan): PlannedEngine[] {
    return plan.groups.flatMap((group) => group.engines);
}
