import { DockerOptions, PublishedPort } from "../docker/options";
import {
    Egress,
    KubernetesOptions,
    PodOptions,
    ProjectVolume,
    ResourceRequests,
    WorkerKind,
} from "../kubernetes/options";
import {
    Backend,
    DistributedSessionArgs,
    EngineSpec,
    MasterSpec,
    OnWorkerFailure,
    RestartPolicy,
    Wait,
    WorkersSpec,
} from "./args";
import { engineImage, kernelOf } from "./kernels";

/** Every property with its default; `undefined` for one that has none, or that `withDefaults` derives from others. */
type DefaultsOf<T> = { [K in keyof Required<T>]: T[K] | undefined };

/** A spec whose properties are there, as far as they have a default. */
type Complete<T, Defaults> = T & {
    [K in keyof T & keyof Defaults as undefined extends Defaults[K] ? never : K]-?: Exclude<T[K], undefined>;
};

const engine = {
    script: undefined,
    code: undefined,
    command: undefined,
    kernel: undefined,
    image: engineImage,
    env: {},
    cpu: 1,
    memory: 1,
    nvidiaGpu: 0,
} satisfies DefaultsOf<EngineSpec>;

const master = { ...engine, ports: [] as number[] } satisfies DefaultsOf<MasterSpec>;
const workers = { ...engine, n: undefined, restart: undefined } satisfies DefaultsOf<WorkersSpec>;
const restart = { attempts: undefined } satisfies DefaultsOf<RestartPolicy>;

const session = {
    backend: Backend.Docker,
    project: undefined,
    master: undefined,
    workers: undefined,
    wait: Wait.Running,
    timeoutSeconds: undefined,
    onWorkerFailure: OnWorkerFailure.Fail,
    docker: undefined,
    kubernetes: undefined,
} satisfies DefaultsOf<DistributedSessionArgs>;

const docker = {
    subnet: undefined,
    publish: [] as PublishedPort[],
    pidsLimit: 4096,
} satisfies DefaultsOf<DockerOptions>;
const published = { port: undefined, hostPort: undefined, hostIp: "127.0.0.1" } satisfies DefaultsOf<PublishedPort>;

const kubernetes = {
    namespace: undefined,
    createNamespace: false,
    kubeconfig: undefined,
    context: undefined,
    workers: WorkerKind.Pods,
    scheduleTimeoutSeconds: 0,
    egress: Egress.Open,
    clusterDomain: "cluster.local",
    projectVolume: undefined,
    pods: {},
    masterPod: {},
    workerPods: {},
} satisfies DefaultsOf<KubernetesOptions>;

const volume = { claimName: undefined, subPath: undefined, readOnly: false } satisfies DefaultsOf<ProjectVolume>;
const requests = { cpu: undefined, memory: undefined } satisfies DefaultsOf<ResourceRequests>;

const pod = {
    labels: undefined,
    annotations: undefined,
    nodeSelector: undefined,
    tolerations: undefined,
    affinity: undefined,
    topologySpreadConstraints: undefined,
    priorityClassName: undefined,
    serviceAccountName: undefined,
    serviceAccountToken: false,
    imagePullSecrets: undefined,
    imagePullPolicy: undefined,
    runtimeClassName: undefined,
    schedulerName: undefined,
    requests: undefined,
    sharedMemory: undefined,
    runAsUser: undefined,
    runAsGroup: undefined,
    fsGroup: undefined,
    runAsNonRoot: undefined,
} satisfies DefaultsOf<PodOptions>;

/** A published port with its defaults. */
export type CompletePort = Required<PublishedPort>;

/** The options of the Docker backend with their defaults. */
export interface CompleteDocker extends Complete<DockerOptions, typeof docker> {
    publish: CompletePort[];
}

/** The options of the Kubernetes backend with their defaults; those of Pods come from `completePod`. */
export type CompleteKubernetes = Complete<KubernetesOptions, typeof kubernetes>;

/** The options of Pods with their defaults. */
export type CompletePod = Complete<PodOptions, typeof pod>;

/** The arguments of a session with their defaults. */
export interface CompleteArgs extends Complete<DistributedSessionArgs, typeof session> {
    master: Complete<MasterSpec, typeof master>;
    workers: Complete<WorkersSpec, typeof workers> & { restart: RestartPolicy };
    docker: CompleteDocker;
    kubernetes: CompleteKubernetes;
}

/**
 * The arguments with every default: the one place that knows them. What has the wrong shape is left out, so that checks of one property
 * against another can run beside it.
 */
export function withDefaults(args: DistributedSessionArgs): CompleteArgs {
    const given = complete(args, session);
    const attempts = given.wait === Wait.Running ? Infinity : 0;
    const completeMaster = withKernel(complete(given.master, master));
    const { image } = completeMaster;
    const completeWorkers = withKernel(complete(given.workers, { ...workers, image }));
    return {
        ...given,
        master: completeMaster,
        workers: {
            ...completeWorkers,
            restart: { ...restart, attempts, ...read(completeWorkers.restart, restart) },
        },
        docker: completeDocker(given.docker),
        kubernetes: completeKubernetes(given.kubernetes),
    };
}

/** The options for the Pods of a role: the later ones win, property by property. */
export function completePod(...options: PodOptions[]): CompletePod {
    const merged: PodOptions = Object.fromEntries(options.flatMap((each) => Object.entries(read(each, pod))));
    return complete(merged, pod);
}

function completeDocker(options: DockerOptions | undefined): CompleteDocker {
    const given = complete(options, docker);
    const ports: unknown[] = Array.isArray(given.publish) ? Array.from(given.publish) : [];
    const publish = ports.map((each) => {
        const port = complete(each as PublishedPort, published);
        return { ...port, hostPort: port.hostPort ?? port.port };
    });
    return { ...given, publish };
}

function completeKubernetes(options: KubernetesOptions | undefined): CompleteKubernetes {
    const given = complete(options, kubernetes);
    const { projectVolume, pods, masterPod, workerPods } = given;
    return {
        ...given,
        projectVolume: projectVolume && complete(projectVolume, volume),
        pods: readPod(pods),
        masterPod: readPod(masterPod),
        workerPods: readPod(workerPods),
    };
}

function readPod(options: PodOptions): PodOptions {
    const given = read(options, pod);
    return given.requests === undefined ? given : { ...given, requests: read(given.requests, requests) };
}

function withKernel<Spec extends EngineSpec>(spec: Spec): Spec {
    const { kernel, command, script } = spec;
    return command === undefined ? { ...spec, kernel: kernel ?? kernelOf(script) } : spec;
}

function complete<T extends object, Defaults extends DefaultsOf<T>>(
    given: T | undefined,
    defaults: Defaults,
): Complete<T, Defaults> {
    return { ...defaults, ...read(given, defaults) } as unknown as Complete<T, Defaults>;
}

/** The properties of these names that are given: also by a getter or a prototype, which a spread of the object would lose. */
function read<T extends object>(given: T | undefined, names: Record<keyof T, unknown>): Partial<T> {
    if (typeof given !== "object" || given === null) {
        return {};
    }
    const properties = (Object.keys(names) as (keyof T)[]).map((name) => [name, given[name]] as const);
    return Object.fromEntries(properties.filter(([, value]) => value !== undefined)) as Partial<T>;
}
