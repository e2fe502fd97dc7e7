import * as pulumi from "@pulumi/pulumi";
import { defaultsOn, ofEachBackend } from "../backendOptions";
import {
    Backend,
    DistributedSessionArgs,
    Egress,
    EngineSpec,
    MasterSpec,
    OnWorkerFailure,
    PublishedPort,
    Wait,
    WorkerGroupSpec,
    WorkersSpec,
} from "../model/args";
import { read } from "../model/complete";
import { SharedFolder } from "../volumes";
import { isLater, map } from "../model/inputs";
import { isPool } from "../model/pool";
import { isObject } from "../validation/checkObject";
import { Place, workerPlaces } from "../validation/enginePlaces";
import { ClusterArgs } from "./args";

/** A library's cluster as data: what its engines run, and where its clients connect to. */
export interface Preset {
    /** The image of the engines, which has the library. */
    image: string;
    master: Part & Pick<MasterSpec, "ports" | "mainPort">;
    workers: Part & {
        /** GiB; a worker with less is of no use. Default: none. */
        leastMemory?: number;
        /** What ends with 0 in a worker that the library knows, in a cluster that serves. */
        joinCheck?: string[];
    };
    /** The shared folder, where a volume of the session's own reaches all engines. */
    shared?: SharedFolder;
    /** What `up` waits for when there is a job. */
    jobWait: Wait;
    /** What a worker that fails means when there is a job. Default: that of a session which waits so. */
    onJobFailure?: OnWorkerFailure;
    /** Where clients connect to, and the page that shows the cluster; none where the library has only jobs. */
    client?: Client;
}

/** Where clients of a cluster connect to. */
export interface Client {
    scheme: string;
    port: number;
    /** Whether the library asks them for a key. */
    hasToken?: boolean;
    dashboard: { port: number; path: string };
}

/** What the engines of one role run, and their size. */
export interface Part extends Pick<EngineSpec, "memory"> {
    /** The seconds that an engine has to leave a cluster that serves. Nothing waits for one once a job has ended. */
    stopSeconds?: number;
    /** The program of a cluster that serves; none where the library has only jobs. */
    serve?: string[];
    /** The program of a cluster with a job. The path of the job is appended. */
    job: string[];
    env: (facts: Facts) => Record<string, pulumi.Input<string>>;
}

/** What the environment of an engine may depend on. */
export interface Facts {
    /** The number of workers, those of groups among them: a change of what is made of it replaces engines. */
    n: number;
    /** How many of them come before those of the engine's group; 0 for the master. */
    before: number;
    /** The memory of the smallest worker in GiB. */
    workerMemory: pulumi.Input<number>;
    /** The key of the cluster; empty where there is none, or none yet. */
    token: pulumi.Input<string>;
}

/** The names of all arguments. */
export const propertiesOfCluster: Record<keyof ClusterArgs, true> = {
    backend: true,
    project: true,
    shared: true,
    volumes: true,
    publish: true,
    wait: true,
    timeoutSeconds: true,
    onWorkerFailure: true,
    maxSeconds: true,
    egress: true,
    readOnlyRoot: true,
    worldSize: true,
    ...ofEachBackend(() => true as const),
    job: true,
    master: true,
    workers: true,
    workerGroups: true,
};

/** The arguments of the session that a cluster is. */
export function sessionArgsOf(
    preset: Preset,
    args: ClusterArgs,
    token: pulumi.Input<string> = "",
): DistributedSessionArgs {
    const { job, master, workers, workerGroups, ...settings } = read(args, propertiesOfCluster) as ClusterArgs;
    const given = givenWorkers(args).map(({ spec }) => spec);
    const facts = factsOf(preset, given, token);
    const joinCheck = joinCheckOf(preset, args);
    const workerAfter = (before: readonly Given[]) => {
        return { ...engineOf(preset.workers, job, { ...facts, before: countOf(before) }), joinCheck };
    };
    const { ports, mainPort } = preset.master;
    return {
        ...(job === undefined ? {} : { wait: preset.jobWait, onWorkerFailure: preset.onJobFailure }),
        publish: defaultPublish(preset, args),
        ...(defaultsOf(args)?.sharesEverywhere && preset.shared !== undefined ? { shared: preset.shared } : {}),
        ...settings,
        master: merge({ ...engineOf(preset.master, job, facts), image: preset.image, ports, mainPort }, master),
        workers: merge(workerAfter([]), workers),
        ...(workerGroups === undefined
            ? {}
            : { workerGroups: groupsOf(workerGroups, (index) => workerAfter(given.slice(0, index + 1))) }),
    };
}

/** What is given for workers. */
type Given = Partial<WorkersSpec>;

/** Where workers are in the arguments, and what is given for them: nothing where it has the wrong shape, which the checks tell. */
export function givenWorkers({ workers, workerGroups }: ClusterArgs): Place<Given>[] {
    const groups: unknown[] = Array.isArray(workerGroups) ? Array.from(workerGroups) : [];
    return workerPlaces<unknown>({ workers, workerGroups: groups }).map(({ path, spec }) => ({
        path,
        spec: isObject(spec) && !isLater(spec) ? spec : {},
    }));
}

/** The number of these workers. */
export function countOf(workers: readonly Given[]): number {
    return workers.reduce((sum, { n }) => sum + (typeof n === "number" ? n : 0), 0);
}

function groupsOf(given: WorkerGroupSpec[], presetOf: (index: number) => EngineSpec): WorkerGroupSpec[] {
    return Array.isArray(given) ? Array.from(given, (group, index) => merge(presetOf(index), group)) : given;
}

/** A cluster that serves is up when the library knows its workers. What a program of the user's knows, the library cannot say. */
function joinCheckOf({ workers }: Preset, { job, wait = Wait.Running, master }: ClusterArgs): string[] | undefined {
    const isOfLibrary = job === undefined && !hasProgram(master);
    return isOfLibrary && wait === Wait.Running ? workers.joinCheck : undefined;
}

/** Whether the user gives the master a program. */
export function hasProgram(master: ClusterArgs["master"]): boolean {
    return isObject(master) && !isPool(master);
}

/** What is wrong with the size of the workers is left to the checks. */
function factsOf({ workers: part }: Preset, given: readonly Given[], token: pulumi.Input<string>): Facts {
    const memories = given.map(({ memory }) =>
        typeof memory === "number" || isLater(memory) ? memory : (part.memory ?? 1),
    );
    return { n: countOf(given), before: 0, workerMemory: smallest(memories), token };
}

function smallest(sizes: pulumi.Input<number>[]): pulumi.Input<number> {
    const all = sizes.some(isLater) ? pulumi.all(sizes) : (sizes as number[]);
    return map(all, (numbers) => Math.min(...numbers));
}

function engineOf(
    { serve, job: run, env, memory, stopSeconds }: Part,
    job: string | undefined,
    facts: Facts,
): EngineSpec {
    const own = { env: env(facts), memory };
    return job === undefined ? { command: serve, stopSeconds, ...own } : { command: [...run, job], ...own };
}

/** What is given, before what the library gives: its program as a whole, its variables one by one. */
function merge<Spec extends EngineSpec>(preset: Omit<Spec, "n" | "name">, given: Spec | undefined): Spec {
    if (given !== undefined && (isLater(given) || !isObject(given))) {
        return given;
    }
    const { script, code, command, env } = given ?? ({} as Spec);
    const isProgramGiven = [script, code, command].some((program) => program !== undefined);
    const isEnvironment = env === undefined || isObject(env);
    return {
        ...withoutUndefined({ ...preset, ...(isProgramGiven ? { command: undefined, joinCheck: undefined } : {}) }),
        ...withoutUndefined(given ?? {}),
        env: isEnvironment ? map(env ?? {}, (own) => ({ ...(preset.env as object), ...own })) : env,
    } as Spec;
}

function withoutUndefined(spec: object): object {
    return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}

/** A cluster that serves can be reached from outside; where that contradicts a closed network, it is not. */
function defaultPublish({ client }: Preset, args: ClusterArgs): PublishedPort[] {
    const isClosed = args.egress === Egress.Closed && !defaultsOf(args)?.publishesClosed;
    const isReached = client !== undefined && args.job === undefined && !isClosed;
    return isReached ? [{ port: client.port }, { port: client.dashboard.port }] : [];
}

function defaultsOf({ backend }: ClusterArgs) {
    return defaultsOn(backend ?? Backend.Docker);
}
