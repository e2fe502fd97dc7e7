export { Backend, Kernel, OnWorkerFailure, Wait } from "./args";
export type { DistributedSessionArgs, EngineSpec, MasterSpec, RestartPolicy, WorkersSpec } from "./args";
export { DistributedSession } from "./distributedSession";
export type { DockerOptions, PublishedPort } from "./docker/options";
export { engineImage } from "./engineImage";
export { Egress, WorkerKind } from "./kubernetes/options";
export type { KubernetesOptions, PodOptions, ProjectVolume, ResourceRequests } from "./kubernetes/options";
export { Status } from "./outputs";
export type { Endpoint, Engine } from "./outputs";
