/**
 * The state of an engine, in the terms of Cloudera's `list_workers`.
 *
 * @enum
 */
export const Status = {
    /** It has not started: it waits in its cluster (with `wait: "none"`), or the program runs on mocks. The next `up` reports what it became. */
    Declared: "declared",
    /** It runs. */
    Running: "running",
    /** It ended with exit code 0. */
    Succeeded: "succeeded",
    /** It ended with another exit code, or something killed it. */
    Failed: "failed",
    /** It exists but does not run, or it was removed. */
    Stopped: "stopped",
    /** It was still running after `timeoutSeconds`. */
    TimedOut: "timedout",
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** One engine of a session, in the state that the last `pulumi up` found. */
export interface Engine {
    /** Its name in the session, such as `hello-worker-1`, or `hello-gpu-1` in a group `gpu`. */
    name: string;
    /** The id of its container on Docker, the name of its Pod on Kubernetes. */
    id: string;
    /** Its private IP address. */
    ip: string;
    /** Its state. */
    status: Status;
    /** Its exit code, once it has ended. */
    exitCode?: number;
    /** The end of its output (at most 200 lines and 16 KiB), once it has ended. */
    logs?: string;
}

/** A port of the master, with the addresses that reach it. */
export interface Endpoint {
    /** The port: one of `master.ports` or of `publish`. */
    port: number;
    /** `ip:port` for the engines of the session. */
    address: string;
    /**
     * `host:port` for others, when the port is published. On Docker, this is on the Docker host. On Kubernetes, it is the Service's name in
     * the cluster's DNS, with `serviceType: "NodePort"` the master's node, with `"LoadBalancer"` the load balancer.
     */
    published?: string;
}
