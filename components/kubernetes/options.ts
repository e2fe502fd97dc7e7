// Whoever runs on Docker alone has no such package, and still checks types.
// eslint-disable-next-line @typescript-eslint/ban-ts-comment
/** @ts-ignore */
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * What the workers of a session are on a cluster.
 *
 * @enum
 */
export const WorkerKind = {
    /** Each worker is a Pulumi resource of its own: a Pod, or a Job with one Pod at a time where `workers.restart` counts. The default. */
    Pods: "Pods",
    /**
     * All workers are the Pods of one Indexed Job, which is one Pulumi resource: for hundreds and thousands of workers. Their image
     * needs `sh`, and its entrypoint is not used.
     */
    IndexedJob: "IndexedJob",
} as const;
export type WorkerKind = (typeof WorkerKind)[keyof typeof WorkerKind];

/**
 * Where the engines of a session may connect to.
 *
 * @enum
 */
export const Egress = {
    /** Anywhere. The default. */
    Open: "open",
    /** The session's other engines and DNS. */
    Closed: "closed",
} as const;
export type Egress = (typeof Egress)[keyof typeof Egress];

/** What an engine asks the cluster's scheduler for, where that is less than what it may use. */
export interface ResourceRequests {
    /** Cores; at least 0.001. Default: the engine's `cpu`. */
    cpu?: number;
    /** GiB; at least 1 MiB. Default: the engine's `memory`. */
    memory?: number;
}

/** A volume with the project's files, instead of files that are delivered. */
export interface ProjectVolume {
    /** The name of an existing PersistentVolumeClaim in the session's namespace. It is mounted on `/home/cdsw` of every engine. */
    claimName: pulumi.Input<string>;
    /** The folder of the volume that is mounted. Default: its root. */
    subPath?: string;
    /** Whether engines may only read. Default: false. */
    readOnly?: boolean;
}

/** What the engines' Pods have beside what every session gives them: passed on to the cluster as it is. */
export interface PodOptions {
    /** Further labels, such as `kueue.x-k8s.io/queue-name` for Kueue. Default: none. */
    labels?: Record<string, pulumi.Input<string>>;
    /** Further annotations, such as `scheduling.k8s.io/group-name` for Volcano. Default: none. */
    annotations?: Record<string, pulumi.Input<string>>;
    /** The labels that a node must have. Default: none. */
    nodeSelector?: Record<string, pulumi.Input<string>>;
    /** The taints of nodes that are put up with. Default: none. */
    tolerations?: kubernetes.types.input.core.v1.Toleration[];
    /** Which nodes and neighbours are wanted. Default: any. */
    affinity?: kubernetes.types.input.core.v1.Affinity;
    /** How engines spread over zones and nodes. Default: as the scheduler likes. */
    topologySpreadConstraints?: kubernetes.types.input.core.v1.TopologySpreadConstraint[];
    /** The name of a PriorityClass. Default: the cluster's. */
    priorityClassName?: pulumi.Input<string>;
    /** The name of a ServiceAccount. Default: `default`. Its token is not mounted, unless `serviceAccountToken` says so. */
    serviceAccountName?: pulumi.Input<string>;
    /** Whether engines get a token for the cluster's API. Default: false. */
    serviceAccountToken?: boolean;
    /** The names of Secrets with which the images are pulled. Default: none. */
    imagePullSecrets?: pulumi.Input<string>[];
    /** When the image is pulled: `Always`, `IfNotPresent` or `Never`. Default: the cluster's, which is `IfNotPresent` for an image with a tag. */
    imagePullPolicy?: string;
    /** The name of a RuntimeClass, such as `nvidia` or `gvisor`. Default: the cluster's. */
    runtimeClassName?: pulumi.Input<string>;
    /** The scheduler that places the Pods, such as `volcano`. Default: the cluster's. */
    schedulerName?: pulumi.Input<string>;
    /** What is asked of the scheduler. Default: the limits `cpu` and `memory`. */
    requests?: ResourceRequests;
    /** The size of `/dev/shm` in GiB, which counts as memory of the engine. Default: the engine's `memory`. */
    sharedMemory?: number;
    /** The user's number that engines run as. Default: the image's. */
    runAsUser?: number;
    /** The group's number that engines run as. Default: the image's. */
    runAsGroup?: number;
    /** The group's number that volumes belong to. Default: none. */
    fsGroup?: number;
    /** Whether an image that would run as root is refused. Default: true for the default image and where `runAsUser` is given. */
    runAsNonRoot?: boolean;
}

/** Settings that only the Kubernetes backend has. */
export interface KubernetesOptions {
    /** The namespace that the session lives in. Default: the provider's. */
    namespace?: pulumi.Input<string>;
    /** Whether the session makes its namespace, and removes it. Without `namespace` it is called after the session. Default: false. */
    createNamespace?: boolean;
    /**
     * The kubeconfig with which the program watches the engines: its content, or its file. Default: that of the provider in use, and
     * where the provider has none `KUBECONFIG`, `~/.kube/config`, or the Pod's own service account.
     */
    kubeconfig?: pulumi.Input<string>;
    /** The context in that kubeconfig. Default: the provider's, else the current one. */
    context?: pulumi.Input<string>;
    /** What the workers are. Default: `Pods`. */
    workers?: WorkerKind;
    /**
     * How many seconds an engine for which no node has room may wait for one. Default: 0, which fails at once; raise it where nodes
     * are added on demand.
     */
    scheduleTimeoutSeconds?: number;
    /** Where engines may connect to. Default: `open`. */
    egress?: Egress;
    /**
     * The cluster's DNS domain. Workers find each other by name, such as `worker-1`, with it: it ends the search path of each Pod.
     * Default: `cluster.local`. `cat /etc/resolv.conf` in any Pod shows it, after `svc.`.
     */
    clusterDomain?: pulumi.Input<string>;
    /** A volume with the project's files, instead of `project`. Default: none. */
    projectVolume?: ProjectVolume;
    /** What the Pods of all engines have. Default: nothing. */
    pods?: PodOptions;
    /** What the master's Pod has; each property given here wins over the one in `pods`. Default: nothing. */
    masterPod?: PodOptions;
    /** What the workers' Pods have; each property given here wins over the one in `pods`. Default: nothing. */
    workerPods?: PodOptions;
}
