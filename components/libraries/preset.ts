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
    WorkersSpec,
} from "../model/args";
import { read } from "../model/complete";
import { SharedFolder } from "../volumes";
import { isLater, map } from "../model/inputs";
import { isObject } from "../validation/checkObject";
import { ClusterArgs } from "./args";

/** A library's cluster as data: what its engines run, and where its clients connect to. */
export interface Preset {
    /** The image of the engines, which has the library. */
    image: string;
    master: Part & Pick<MasterSpec, "ports" | "mainPort">;
    workers: Part & {
        /** GiB; a worker with less is of no use. Default: none. */
        leastMemory?: number;
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
    /** The number of workers: a change of what is made of it replaces engines. */
    n: number;
    /** The memory of a worker in GiB. */
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
};

/** The arguments of the session that a cluster is. */
export function sessionArgsOf(
    preset: Preset,
    args: ClusterArgs,
    token: pulumi.Input<string> = "",
): DistributedSessionArgs {
    const { job, master, workers, ...settings } = read(args, propertiesOfCluster) as ClusterArgs;
    const facts = factsOf(preset, workers, token);
    const { ports, mainPort } = preset.master;
    return {
        ...(job === undefined ? {} : { wait: preset.jobWait, onWorkerFailure: preset.onJobFailure }),
        publish: defaultPublish(preset, args),
        ...(defaultsOf(args)?.sharesEverywhere && preset.shared !== undefined ? { shared: preset.shared } : {}),
        ...settings,
        master: merge({ ...engineOf(preset.master, job, facts), image: preset.image, ports, mainPort }, master),
        workers: merge(engineOf(preset.workers, job, facts), workers),
    };
}

/** What is wrong with the size of the workers is left to the checks. */
function factsOf(preset: Preset, workers: WorkersSpec, token: pulumi.Input<string>): Facts {
    const { n, memory }: Partial<WorkersSpec> = isObject(workers) && !isLater(workers) ? workers : {};
    const isKnown = typeof memory === "number" || isLater(memory);
    return {
        n: typeof n === "number" ? n : 0,
        workerMemory: isKnown ? memory : (preset.workers.memory ?? 1),
        token,
    };
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
function merge<Spec extends EngineSpec>(preset: Omit<Spec, "n">, given: Spec | undefined): Spec {
    if (given !== undefined && (isLater(given) || !isObject(given))) {
        return given;
    }
    const { script, code, command, env } = given ?? ({} as Spec);
    const hasProgram = [script, code, command].some((program) => program !== undefined);
    const isEnvironment = env === undefined || isObject(env);
    return {
        ...withoutUndefined({ ...preset, ...(hasProgram ? { command: undefined } : {}) }),
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
