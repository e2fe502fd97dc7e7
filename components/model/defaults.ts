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
    SharedFolder,
    Wait,
    WorkersSpec,
} from "./args";
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
} satisfies DefaultsOf<EngineSpec>;

const master = { ...engine, ports: [] as number[], mainPort: undefined } satisfies DefaultsOf<MasterSpec>;
const workers = { ...engine, n: undefined, restart: undefined } satisfies DefaultsOf<WorkersSpec>;
const restart = { attempts: undefined, always: false } satisfies DefaultsOf<RestartPolicy>;

const sharedFolder = {
    path: "/shared",
    volume: undefined,
    hostPath: undefined,
    claimName: undefined,
} satisfies DefaultsOf<SharedFolder>;

/** A shared folder with its path. */
export type CompleteSharedFolder = Complete<SharedFolder, typeof sharedFolder>;

const session = {
    backend: Backend.Docker,
    project: undefined,
    shared: undefined,
    master: undefined,
    workers: undefined,
    publish: [] as PublishedPort[],
    wait: Wait.Running,
    timeoutSeconds: undefined,
    onWorkerFailure: undefined,
    maxSeconds: undefined,
    egress: Egress.Open,
    readOnlyRoot: false,
    ...ofEachBackend(() => undefined),
} satisfies DefaultsOf<DistributedSessionArgs>;

/** The arguments of a session with their defaults. */
export interface CompleteArgs extends Complete<Omit<DistributedSessionArgs, Backend>, typeof session>, CompleteOptions {
    master: Complete<MasterSpec, typeof master>;
    workers: Complete<WorkersSpec, typeof workers> & { restart: Required<RestartPolicy> };
    onWorkerFailure: OnWorkerFailure;
    shared?: CompleteSharedFolder;
}

/**
 * The arguments with every default. What has the wrong shape is left out, so that checks of one property against another can run
 * beside it.
 */
export function withDefaults(args: DistributedSessionArgs): CompleteArgs {
    const given = complete(args, session);
    const attempts = given.wait === Wait.Running ? Infinity : 0;
    const completeMaster = withKernel(complete(given.master, master));
    const { image } = completeMaster;
    const completeWorkers = withKernel(complete(given.workers, { ...workers, image }));
    // The program that gives the workers their work sees what fails, and decides.
    const decides = isPool(completeWorkers) || given.wait === Wait.Master;
    const onWorkerFailure = decides ? OnWorkerFailure.Report : OnWorkerFailure.Fail;
    return {
        ...given,
        shared: given.shared && complete(given.shared, sharedFolder),
        master: completeMaster,
        workers: {
            ...completeWorkers,
            restart: { ...restart, attempts, ...read(completeWorkers.restart, restart) },
        },
        onWorkerFailure: given.onWorkerFailure ?? onWorkerFailure,
        ...completeOptions(given),
    };
}

function withKernel<Spec extends EngineSpec>(spec: Spec): Spec {
    const { kernel, command, script } = spec;
    return command === undefined && !isPool(spec) ? { ...spec, kernel: kernel ?? kernelOf(script) } : spec;
}
