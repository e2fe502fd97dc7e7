export { Backend, Egress, Kernel, OnWorkerFailure, Wait } from "./model/args";
export type {
    DistributedSessionArgs,
    EngineSpec,
    MasterSpec,
    PublishedPort,
    RestartPolicy,
    SessionSettings,
    WorkerGroupSpec,
    WorkersSpec,
} from "./model/args";
export type { SharedFolder, Volume } from "./volumes";
export { DistributedSession } from "./distributedSession";
export type { DockerLog, DockerOptions } from "./docker/options";
export type { ClusterArgs } from "./libraries/args";
export { DaskCluster } from "./libraries/dask";
export { RParallelCluster } from "./libraries/rParallel";
export type { RParallelClusterArgs } from "./libraries/rParallel";
export { TorchJob } from "./libraries/torch";
export type { Elastic, TorchJobArgs } from "./libraries/torch";
export { SparkCluster } from "./libraries/spark";
export { RayCluster } from "./libraries/ray";
export { engineImage } from "./model/kernels";
export { ServiceType, WorkerKind } from "./kubernetes/options";
export type {
    EnvSource,
    KubernetesOptions,
    NetworkPeer,
    PodOptions,
    ProjectVolume,
    ResourceRequests,
    SharedClaim,
} from "./kubernetes/options";
export { Status } from "./model/outputs";
export type { Endpoint, Engine } from "./model/outputs";
