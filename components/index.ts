export { Backend, Kernel, OnWorkerFailure, Wait } from "./model/args";
export type { DistributedSessionArgs, EngineSpec, MasterSpec, RestartPolicy, WorkersSpec } from "./model/args";
export { DistributedSession } from "./distributedSession";
export type { DockerLog, DockerOptions, PublishedPort } from "./docker/options";
export { engineImage } from "./model/kernels";
export { Egress, WorkerKind } from "./kubernetes/options";
export type { KubernetesOptions, PodOptions, ProjectVolume, ResourceRequests } from "./kubernetes/options";
export { Status } from "./model/outputs";
export type { Endpoint, Engine } from "./model/outputs";
