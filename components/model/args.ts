import * as pulumi from "@pulumi/pulumi";
import { DockerOptions } from "../docker/options";
import { KubernetesOptions } from "../kubernetes/options";

/** Where the engines of a session run. */
export const Backend = {
    /** Containers on one Docker host, local or remote. The default. */
    Docker: "docker",
    /** Pods on a Kubernetes cluster. */
    Kubernetes: "kubernetes",
} as const;
export type Backend = (typeof Backend)[keyof typeof Backend];

/** The program that runs an engine's `script` or `code`. */
export const Kernel = {
    /** Python 3. The default, and what a script that ends in `.py` gets. */
    Python3: "python3",
    /** R, run by `Rscript`. What a script that ends in `.r` or `.R` gets. */
    R: "r",
} as const;
export type Kernel = (typeof Kernel)[keyof typeof Kernel];

/** What `pulumi up` waits for once the workers are created. */
export const Wait = {
    /** Nothing: `up` ends when the workers are created. */
    None: "none",
    /** Every worker runs (or has already finished well). Engines are services: one that fails is started again. The default. */
    Running: "running",
    /** Every worker has exited. */
    Completed: "completed",
} as const;
export type Wait = (typeof Wait)[keyof typeof Wait];

/** What a worker that fails means for `pulumi up`. */
export const OnWorkerFailure = {
    /** `up` fails and names the worker, its exit code and its last lines; the next `up` runs it again. The default. */
    Fail: "fail",
    /** `up` succeeds with a warning; the worker stays as it is, and its `status` and `exitCode` tell. */
    Report: "report",
} as const;
export type OnWorkerFailure = (typeof OnWorkerFailure)[keyof typeof OnWorkerFailure];

/**
 * What one engine runs, and how large it is. Exactly one of `script`, `code` and `command` is given.
 */
export interface EngineSpec {
    /** The file that the kernel runs: a path within `project`, such as `worker.py`. It must exist and not be empty. */
    script?: string;
    /** Source text that the kernel runs, instead of a `script`. */
    code?: pulumi.Input<string>;
    /** A program of one's own and its arguments, instead of a `script`: run as the image's entrypoint would run it. */
    command?: pulumi.Input<pulumi.Input<string>[]>;
    /** The kernel for `script` or `code`. Default: what the script's ending says, else `python3`. */
    kernel?: Kernel;
    /** The container image. Default for the master: Debian with Python 3 and R (`engine/`); for workers: the master's image. */
    image?: pulumi.Input<string>;
    /**
     * Further environment. Names start with a letter or `_`. Names that the session itself sets (`CDSW_*`, `CML_*`, `RANK`,
     * `MASTER_ADDR`, `MASTER_PORT`) are an error.
     */
    env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** The most CPU that the engine gets, in cores; at least 0.01. Default: 1. */
    cpu?: pulumi.Input<number>;
    /** The most memory that the engine gets, in GiB, without any swap; at least 6 MiB. Default: 1. */
    memory?: pulumi.Input<number>;
    /** How many NVIDIA GPUs the engine gets for itself. Default: 0. */
    nvidiaGpu?: number;
}

/** The engine that the others find by its address. */
export interface MasterSpec extends EngineSpec {
    /** TCP ports, 1 to 65535, that the master listens on. Workers are created once it listens on all of them. Default: none. */
    ports?: number[];
}

/** What happens to a worker that fails, before it counts as failed. */
export interface RestartPolicy {
    /** How often it is started again: a whole number from 0 to 1000. On Docker the same container runs again, on Kubernetes another Pod. */
    attempts: number;
}

/** A group of engines that are alike but for their rank. */
export interface WorkersSpec extends EngineSpec {
    /** How many workers: a whole number from 0. Changing it later adds or removes the highest ranks and touches no other engine. */
    n: number;
    /**
     * How often a worker that fails is started again. Default: never in a session that completes; without end in one that runs, once it
     * has come up.
     */
    restart?: RestartPolicy;
}

/** What a session is made of. */
export interface DistributedSessionArgs {
    /** Where the engines run. Default: `docker`. */
    backend?: Backend;
    /**
     * The folder whose files every engine sees in `/home/cdsw`, relative to the Pulumi program's folder. Links to files are
     * followed. Needed when a `script` is given. Default: none.
     */
    project?: string;
    /** The master engine. */
    master: MasterSpec;
    /** The worker engines. */
    workers: WorkersSpec;
    /** What `pulumi up` waits for. Default: `running`. */
    wait?: Wait;
    /**
     * The most seconds that `pulumi up` waits, counted anew for the master's ports and for what `wait` names; 0 is no limit.
     * Default: 300 for the ports and for `running`, no limit for `completed`.
     */
    timeoutSeconds?: number;
    /** What a failing worker means for `pulumi up`. Default: `fail`. */
    onWorkerFailure?: OnWorkerFailure;
    /** Settings that only the Docker backend has. */
    docker?: DockerOptions;
    /** Settings that only the Kubernetes backend has. */
    kubernetes?: KubernetesOptions;
}
