/** How an engine is doing, in the words of Cloudera's `list_workers`. */
export const Status = {
    /** It exists in the program only: on mocks. */
    Declared: "declared",
    /** It runs. */
    Running: "running",
    /** It ended with exit code 0. */
    Succeeded: "succeeded",
    /** It ended with another exit code, or was killed. */
    Failed: "failed",
    /** It was created but does not run, or it is gone. */
    Stopped: "stopped",
    /** It still ran when `timeoutSeconds` were over. */
    TimedOut: "timedout",
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** One engine of a session as the last `pulumi up` saw it. */
export interface Engine {
    /** Its name in the session, such as `hello-worker-1`. */
    name: string;
    /** The container's id. */
    id: string;
    /** Its private IP address. */
    ip: string;
    /** How it is doing. */
    status: Status;
    /** Its exit code, once it has ended. */
    exitCode?: number;
    /** The end of what it printed (200 lines, 16 KiB at most), once it has ended. */
    logs?: string;
}

/** A port of the master and where to reach it. */
export interface Endpoint {
    /** The port, as declared in `master.ports`. */
    port: number;
    /** `ip:port` for the engines of the session. */
    address: string;
    /** `ip:port` on the Docker host, when the port is published. */
    published?: string;
}
