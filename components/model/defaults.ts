import { CompleteOptions, completeOptions, ofEachBackend } from "../backendOptions";
import {
    Backend,
    DistributedSessionArgs,
    Egress,
    EngineSpec,
    MasterSpec,
    OnWorkerFailure,
    PublishedPort,
    RestartPolicy,
    Wait,
    WorkerGroupSpec,
    WorkersSpec,
} from "./args";
import { SharedFolder, Volume } from "../volumes";
import { Complete, DefaultsOf, complete, read } from "./complete";
import { engineImage, kernelOf } from "./kernels";
import { isPool } from "./pool";

const engine = {
    script: undefined,
    code: undefined,
    command: undefined,
    kernel: undefined,
    image: engineImage,
    env: {},
    cpu: 1,
    memory: 1,
    disk: undefined,
    nvidiaGpu: 0,
    stopSeconds: 5,
    workingDir: undefined,
} satisfies DefaultsOf<EngineSpec>;

const master = { ...engine, ports: [] as number[], mainPort: undefined } satisfies DefaultsOf<MasterSpec>;
const workers = { ...engine, n: undefined, restart: undefined, joinCheck: undefined } satisfies DefaultsOf<WorkersSpec>;
const workerGroup = { ...workers, name: undefined } satisfies DefaultsOf<WorkerGroupSpec>;
const restart = { attempts: undefined, always: false } satisfies DefaultsOf<RestartPolicy>;

const sharedFolder = {
    path: "/shared",
    volume: undefined,
    hostPath: undefined,
    claimName: undefined,
} satisfies DefaultsOf<SharedFolder>;

/** A shared folder with its path. */
export type CompleteSharedFolder = Complete<SharedFolder, typeof sharedFolder>;

const volume = {
    path: undefined,
    volume: undefined,
    hostPath: undefined,
    claimName: undefined,
    readOnly: true,
} satisfies DefaultsOf<Volume>;

/** One of `volumes` with its default. */
export type CompleteVolume = Complete<Volume, typeof volume>;

const session = {
    backend: Backend.Docker,
    project: undefined,
    shared: undefined,
    volumes: [] as Volume[],
    master: undefined,
    workers: undefined,
    workerGroups: [] as WorkerGroupSpec[],
    publish: [] as PublishedPort[],
    wait: Wait.Running,
    timeoutSeconds: undefined,
    onWorkerFailure: undefined,
    maxSeconds: undefined,
    egress: Egress.Open,
    readOnlyRoot: false,
    worldSize: false,
    ...ofEachBackend(() => undefined),
} satisfies DefaultsOf<DistributedSessionArgs>;

/** Workers with their defaults. */
export type CompleteWorkers<Spec extends WorkersSpec = WorkersSpec> = Complete<Spec, typeof workers> & {
    restart: Required<RestartPolicy>;
};

/** The arguments of a session with their defaults. */
export interface CompleteArgs extends Complete<Omit<DistributedSessionArgs, Backend>, typeof session>, CompleteOptions {
    master: Complete<MasterSpec, typeof master>;
    workers: CompleteWorkers;
    workerGroups: CompleteWorkers<WorkerGroupSpec>[];
    onWorkerFailure: OnWorkerFailure;
    shared?: CompleteSharedFolder;
    volumes: CompleteVolume[];
}

/**
 * The arguments with every default. What has the wrong shape is left out, so that checks of one property against another can run
 * beside it.
 */
export function withDefaults(args: DistributedSessionArgs): CompleteArgs {
    const given = complete(args, session);
    const completeMaster = withKernel(complete(given.master, master));
    const { image } = completeMaster;
    const completeWorkers = withRestart(complete(given.workers, { ...workers, image }), given.wait);
    // The program that gives the workers their work sees what fails, and decides.
    const decides = isPool(completeWorkers) || given.wait === Wait.Master;
    const onWorkerFailure = decides ? OnWorkerFailure.Report : OnWorkerFailure.Fail;
    return {
        ...given,
        shared: given.shared && complete(given.shared, sharedFolder),
        volumes: elementsOf(given.volumes).map((each) => complete(each, volume)),
        master: completeMaster,
        workers: completeWorkers,
        workerGroups: elementsOf(given.workerGroups).map((group) =>
            withRestart(complete(group, { ...workerGroup, image }), given.wait),
        ),
        onWorkerFailure: given.onWorkerFailure ?? onWorkerFailure,
        ...completeOptions(given),
    };
}

/** The elements of a list, and none of what is no list. */
function elementsOf<T>(list: readonly T[]): T[] {
    // Array.from sees the holes of a list.
    return Array.isArray(list) ? Array.from(list as T[]) : [];
}

function withRestart<Spec extends WorkersSpec>(spec: Spec, wait: Wait): Spec & { restart: Required<RestartPolicy> } {
    const attempts = wait === Wait.Running ? Infinity : 0;
    return { ...withKernel(spec), restart: { ...restart, attempts, ...read(spec.restart, restart) } };
}

function withKernel<Spec extends EngineSpec>(spec: Spec): Spec {
    const { kernel, command, script } = spec;
    return command === undefined && !isPool(spec) ? { ...spec, kernel: kernel ?? kernelOf(script) } : spec;
}
