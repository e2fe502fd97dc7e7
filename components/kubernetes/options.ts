// A program for Docker alone has no such package and still checks types.
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
    /** Each worker is a Pulumi resource: a Pod, or with `workers.restart` a Job with one Pod at a time. The default. */
    Pods: "Pods",
    /**
     * All workers are the Pods of one Indexed Job, which is one Pulumi resource: for hundreds or thousands of workers. Their image
     * needs `sh`, and its entrypoint is not used.
     */
    IndexedJob: "IndexedJob",
} as const;
export type WorkerKind = (typeof WorkerKind)[keyof typeof WorkerKind];

/**
 * How the Service of the published ports is reached.
 *
 * @enum
 */
export const ServiceType = {
    /** At an address of the cluster, from within it. The default. */
    ClusterIP: "ClusterIP",
    /** Also at a port of the node that runs the master. */
    NodePort: "NodePort",
    /** Also at a load balancer, which the cluster has to provide. `up` waits for its address, as long as for the master's ports. */
    LoadBalancer: "LoadBalancer",
} as const;
export type ServiceType = (typeof ServiceType)[keyof typeof ServiceType];

/** Who may reach the published ports: Pods by their labels, by those of their namespace, or by both; or addresses. */
export interface NetworkPeer {
    /** The labels that a Pod must have; at least one. Without `namespaceLabels`, it must be in the session's namespace. Default: any Pod. */
    podLabels?: Record<string, pulumi.Input<string>>;
    /**
     * The labels that the Pod's namespace must have; at least one, such as `kubernetes.io/metadata.name`, which holds its name.
     * Default: none.
     */
    namespaceLabels?: Record<string, pulumi.Input<string>>;
    /** Instead of labels: a range of addresses, such as `192.168.7.0/24`. Default: none. */
    cidr?: pulumi.Input<string>;
}

/** The CPU and memory that an engine requests from the scheduler, where that is less than its limits. */
export interface ResourceRequests {
    /** Cores; at least 0.001. Default: the engine's `cpu`. */
    cpu?: number;
    /** GiB; at least 1 MiB. Default: the engine's `memory`. */
    memory?: number;
}

/** An existing volume with the project's files, instead of `project`. */
export interface ProjectVolume {
    /** The name of a PersistentVolumeClaim in the session's namespace. It is mounted on `/home/cdsw` of every engine. */
    claimName: pulumi.Input<string>;
    /** The folder of the volume to mount. Default: its root. */
    subPath?: string;
    /** Whether it is mounted read-only. Default: false. */
    readOnly?: boolean;
}

/** An object of the session's namespace from which engines take environment variables: one variable for each of its keys. */
export interface EnvSource {
    /** The name of a Secret. Its values are hidden in what engines print, where the program may read it. One of the two names is given. */
    secretName?: pulumi.Input<string>;
    /** The name of a ConfigMap. One of the two names is given. */
    configMapName?: pulumi.Input<string>;
    /** What the name of each variable begins with, before the key: letters, digits and `_`, no digit first. Default: nothing. */
    prefix?: string;
}

/** What the session's own PersistentVolumeClaim for its shared folder asks for. */
export interface SharedClaim {
    /** GiB. Whether a claim can grow is up to its storage class. Default: 10. */
    size?: number;
    /** The name of a StorageClass. A change recreates the claim, without its files. Default: the cluster's. */
    storageClassName?: pulumi.Input<string>;
    /**
     * `ReadWriteMany`, or `ReadWriteOnce` where all engines are on one node: few storage classes have volumes for several nodes. A change
     * recreates the claim, without its files. Default: `ReadWriteMany`.
     */
    accessMode?: string;
}

/** Additional settings of Pods. They reach the cluster unchanged. */
export interface PodOptions {
    /** Additional labels, such as `kueue.x-k8s.io/queue-name` for Kueue. Default: none. */
    labels?: Record<string, pulumi.Input<string>>;
    /** Additional annotations, such as `scheduling.k8s.io/group-name` for Volcano. Default: none. */
    annotations?: Record<string, pulumi.Input<string>>;
    /** The labels that a node must have. Default: none. */
    nodeSelector?: Record<string, pulumi.Input<string>>;
    /** The tolerated taints of nodes. Default: none. */
    tolerations?: kubernetes.types.input.core.v1.Toleration[];
    /** Affinity to nodes and to other Pods. Default: none. */
    affinity?: kubernetes.types.input.core.v1.Affinity;
    /** How engines spread over zones and nodes. Default: the scheduler's. */
    topologySpreadConstraints?: kubernetes.types.input.core.v1.TopologySpreadConstraint[];
    /** The name of a PriorityClass. Default: the cluster's. */
    priorityClassName?: pulumi.Input<string>;
    /** The name of a ServiceAccount. Its token is mounted only with `serviceAccountToken`. Default: `default`. */
    serviceAccountName?: pulumi.Input<string>;
    /** Whether engines get a token for the cluster's API. Default: false. */
    serviceAccountToken?: boolean;
    /** The names of Secrets with registry logins for the images. Default: none. */
    imagePullSecrets?: pulumi.Input<string>[];
    /** When the image is pulled: `Always`, `IfNotPresent` or `Never`. Default: the cluster's, which is `IfNotPresent` for an image with a tag. */
    imagePullPolicy?: string;
    /** The name of a RuntimeClass, such as `nvidia` or `gvisor`. Default: the cluster's. */
    runtimeClassName?: pulumi.Input<string>;
    /** The scheduler that places the Pods, such as `volcano`. Default: the cluster's. */
    schedulerName?: pulumi.Input<string>;
    /** The requested CPU and memory, which the scheduler counts. Default: the limits `cpu` and `memory`. */
    requests?: ResourceRequests;
    /** The size of `/dev/shm` in GiB, which counts towards the engine's memory. Default: the engine's `memory`. */
    sharedMemory?: number;
    /** The numeric user that engines run as. Default: the image's. */
    runAsUser?: number;
    /** The numeric group that engines run as. Default: the image's. */
    runAsGroup?: number;
    /**
     * The numeric group that owns volumes. Default: 1000 with a claim for the shared folder, and neither a writable `projectVolume` nor a
     * writable claim in `volumes`; else none.
     */
    fsGroup?: number;
    /** Whether an image that would run as root is refused. Default: true for the default image and where `runAsUser` is given. */
    runAsNonRoot?: boolean;
}

/** Settings of the Kubernetes backend. */
export interface KubernetesOptions {
    /** The session's namespace. Default: the provider's. */
    namespace?: pulumi.Input<string>;
    /** Whether the session creates its namespace, and deletes it. Without `namespace`, its name derives from the session's. Default: false. */
    createNamespace?: boolean;
    /**
     * The kubeconfig with which the program watches the engines: its content, or its file. Default: that of the provider in use;
     * where the provider has none, `KUBECONFIG`, `~/.kube/config`, or the Pod's own service account.
     */
    kubeconfig?: pulumi.Input<string>;
    /** The context in that kubeconfig. Default: the provider's, else the current one. */
    context?: pulumi.Input<string>;
    /** What the workers are. Default: `Pods`. */
    workers?: WorkerKind;
    /**
     * How many seconds an engine may wait for a node with room, and a worker of a Job for room in a quota. Default: 0, which fails at once;
     * raise it where nodes are added on demand. For the volume of the shared folder, an engine waits 60 s or as long as this, whichever is
     * longer.
     */
    scheduleTimeoutSeconds?: number;
    /** How the Service of `publish` is reached. An error without `publish`, unless it is the default. Default: `ClusterIP`. */
    serviceType?: ServiceType;
    /**
     * Who may reach the ports of `publish`, besides the session's engines; an error without `publish`. It holds where the cluster's network
     * enforces policies. Default: nobody.
     */
    access?: NetworkPeer[];
    /**
     * The cluster's DNS domain. Workers find each other by name, such as `worker-1`, with it: it ends the search path of each Pod.
     * Default: `cluster.local`. `cat /etc/resolv.conf` in any Pod shows it, after `svc.`.
     */
    clusterDomain?: pulumi.Input<string>;
    /** A volume with the project's files. An error with `project`. Default: none. */
    projectVolume?: ProjectVolume;
    /**
     * Existing Secrets and ConfigMaps of the session's namespace from which all engines take variables when their containers start. `env` and the
     * session's own variables win, and of two entries the later one. An error where one does not exist. Default: none.
     */
    envFrom?: EnvSource[];
    /** What the session's own claim for its shared folder asks for. An error without one. Default: 10 GiB. */
    sharedClaim?: SharedClaim;
    /** Settings of all Pods. Default: none. */
    pods?: PodOptions;
    /** Settings of the master's Pod; each property overrides the one in `pods`. Default: none. */
    masterPod?: PodOptions;
    /** Settings of the workers' Pods; each property overrides the one in `pods`. Default: none. */
    workerPods?: PodOptions;
}
