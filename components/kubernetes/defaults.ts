import { Complete, DefaultsOf, complete, read } from "../model/complete";
import {
    EnvSource,
    KubernetesOptions,
    NetworkPeer,
    PodOptions,
    ProjectVolume,
    ResourceRequests,
    ServiceType,
    SharedClaim,
    WorkerKind,
} from "./options";

const kubernetes = {
    namespace: undefined,
    createNamespace: false,
    kubeconfig: undefined,
    context: undefined,
    workers: WorkerKind.Pods,
    scheduleTimeoutSeconds: 0,
    serviceType: ServiceType.ClusterIP,
    access: [] as NetworkPeer[],
    clusterDomain: "cluster.local",
    projectVolume: undefined,
    envFrom: [] as EnvSource[],
    sharedClaim: undefined,
    pods: {},
    masterPod: {},
    workerPods: {},
} satisfies DefaultsOf<KubernetesOptions>;

const volume = { claimName: undefined, subPath: undefined, readOnly: false } satisfies DefaultsOf<ProjectVolume>;
const sharedClaim = {
    size: 10,
    storageClassName: undefined,
    accessMode: "ReadWriteMany",
} satisfies DefaultsOf<SharedClaim>;
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

/** The options of the Kubernetes backend with their defaults; those of Pods come from `completePod`. */
export type CompleteKubernetes = Complete<KubernetesOptions, typeof kubernetes>;

/** The options of Pods with their defaults. */
export type CompletePod = Complete<PodOptions, typeof pod>;

/** The options with their defaults. What has the wrong shape is left out. */
export function completeKubernetes(options: KubernetesOptions | undefined): CompleteKubernetes {
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

/** What a claim asks for, with its defaults. */
export function completeClaim(options: SharedClaim | undefined): Complete<SharedClaim, typeof sharedClaim> {
    return complete(options, sharedClaim);
}

/** The options for the Pods of a role: the later ones win, property by property. */
export function completePod(...options: PodOptions[]): CompletePod {
    const merged: PodOptions = Object.fromEntries(options.flatMap((each) => Object.entries(read(each, pod))));
    return complete(merged, pod);
}

function readPod(options: PodOptions): PodOptions {
    const given = read(options, pod);
    return given.requests === undefined ? given : { ...given, requests: read(given.requests, requests) };
}
