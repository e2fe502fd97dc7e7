export { Backend, Kernel, OnWorkerFailure, Wait } from "./args";
export type { DistributedSessionArgs, EngineSpec, KubernetesOptions, MasterSpec, WorkersSpec } from "./args";
export { DistributedSession } from "./distributedSession";
export type { DockerOptions, PublishedPort } from "./docker/options";
export { engineImage } from "./engineImage";
export { Status } from "./outputs";
export type { Endpoint, Engine } from "./outputs";
