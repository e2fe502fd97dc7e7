import * as pulumi from "@pulumi/pulumi";
import { DockerOptions } from "../docker/options";
import { KubernetesOptions } from "../kubernetes/options";
import { SharedFolder, Volume } from "../volumes";

/**
 * Where the engines of a session run.
 *
 * @enum
 */
export const Backend = {
    /** Containers on one Docker host, local or remote. The default. */
    Docker: "docker",
    /** Pods on a Kubernetes cluster. */
    Kubernetes: "kubernetes",
} as const;
export type Backend = (typeof Backend)[keyof typeof Backend];

/**
 * The program that runs an engine's `script` or `code`.
 *
 * @enum
 */
export const Kernel = {
    /** Python 3. The default, and what a script that ends in `.py` gets. */
    Python3: "python3",
    /** R, run by `Rscript`. What a script that ends in `.r` or `.R` gets. */
    R: "r",
} as const;
export type Kernel = (typeof Kernel)[keyof typeof Kernel];

/**
 * What `pulumi up` waits for once the workers are created.
 *
 * @enum
 */
export const Wait = {
    /** Nothing: `up` ends once the workers are created. */
    None: "none",
    /**
     * Every worker runs and, where there is a `joinCheck`, has joined; or it has already exited with 0. Engines are services: one that fails is
     * restarted. The default.
     */
    Running: "running",
    /** Every worker has exited. */
    Completed: "completed",
    /**
     * The master has exited: it is a job, and the workers serve it. `up` then ends the workers that still run; they count as `stopped` and
     * not as failed. An error with a pool, whose engines end with the master under `completed`.
     */
    Master: "master",
} as const;
export type Wait = (typeof Wait)[keyof typeof Wait];

/**
 * What a worker that fails means for `pulumi up`.
 *
 * @enum
 */
export const OnWorkerFailure = {
    /** `up` fails and reports the worker, its exit code and its last lines; the next `up` runs it again. */
    Fail: "fail",
    /** `up` succeeds with a warning; the worker stays as it is, and `status` and `exitCode` show the failure. */
    Report: "report",
} as const;
export type OnWorkerFailure = (typeof OnWorkerFailure)[keyof typeof OnWorkerFailure];

/**
 * Where the engines of a session may connect to.
 *
 * @enum
 */
export const Egress = {
    /** Anywhere: also to the services of their host that listen on all addresses. The default. */
    Open: "open",
    /** Only to each other, and on Kubernetes to DNS. */
    Closed: "closed",
} as const;
export type Egress = (typeof Egress)[keyof typeof Egress];

/**
 * What one engine runs, and its size. Give exactly one of `script`, `code` and `command`; `workers` may do without.
 */
export interface EngineSpec {
    /** The file that the kernel runs: a path within `project`, such as `worker.py`. An error when it is missing or empty. */
    script?: string;
    /** Source text that the kernel runs, instead of a `script`. */
    code?: pulumi.Input<string>;
    /** A program and its arguments, instead of a `script`. The image's entrypoint, if there is one, runs it. */
    command?: pulumi.Input<pulumi.Input<string>[]>;
    /** The kernel for `script` or `code`; an error without them. Default: the one for the script's file extension, else `python3`. */
    kernel?: Kernel;
    /** The container image. Default for the master: Debian with Python 3 and R (`engine/`); for workers: the master's image. */
    image?: pulumi.Input<string>;
    /**
     * The folder in which the program starts: an absolute path. An error with a `script`, which is in `/home/cdsw`, and in a session with a
     * pool. A change recreates the engine. Default: `/home/cdsw` for the images of this project, and in a session with a `project`, a
     * pool or `readOnlyRoot`; else the image's own.
     */
    workingDir?: string;
    /**
     * Additional environment variables; the values may be secrets. Names start with a letter or `_`. Names that the session sets
     * (`CDSW_*`, `CML_*`, `RANK`, `MASTER_ADDR`, `MASTER_PORT`) are an error. Default: none.
     */
    env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** The CPU limit in cores; at least 0.01. Default: 1. */
    cpu?: pulumi.Input<number>;
    /** The memory limit in GiB, without swap; at least 6 MiB. Default: 1. */
    memory?: pulumi.Input<number>;
    /**
     * The limit of what the engine writes on its disk, in GiB; at least 1 MiB. On Docker, more than that cannot be written. An error where
     * the host's storage driver limits no container (overlay2 on xfs with `pquota`, btrfs and zfs do), and with `readOnlyRoot`, whose
     * volumes have no limit. On Kubernetes, an engine that writes more is evicted and has failed; what it prints counts too. The shared
     * folder does not count. A change recreates the engine. Default: no limit.
     */
    disk?: pulumi.Input<number>;
    /**
     * How many NVIDIA GPUs the engine gets. No two engines of a session share one. On Kubernetes, nobody else does either. On Docker, each
     * session uses the host's GPUs from number 0 on, the master's first, then those of `workers` and of each group: two sessions on one host
     * share them, and a resize of a group with GPUs recreates the engines with GPUs of the groups after it. Default: 0.
     */
    nvidiaGpu?: number;
    /**
     * How many seconds the engine's program has after SIGTERM, before SIGKILL, when the engine is removed: a whole number from 1 to 300. On
     * Kubernetes, a change recreates the engine. What an engine of a pool runs has 5 s of them. Default: 5.
     */
    stopSeconds?: number;
}

/** The master: the engine whose address every worker has in its environment. */
export interface MasterSpec extends EngineSpec {
    /**
     * TCP ports, 1 to 65535, that the master listens on. Workers are created once it listens on all of them; the workers of a pool are
     * created before, and what they run starts then. A session with a pool needs port 8099 itself. Default: none.
     */
    ports?: number[];
    /**
     * The port, 1 to 65535, that `MASTER_PORT` gives to every engine. It may be none of `ports`; nothing waits for it then. A change
     * replaces all engines. Default: the first of `ports`; without any, there is no `MASTER_PORT`.
     */
    mainPort?: number;
}

/** A port of the master that can be reached from outside the session. */
export interface PublishedPort {
    /** The port in the master, 1 to 65535. It may be none of `master.ports`, such as one that the program opens later. */
    port: number;
    /** Only on Docker; an error with another backend. The port on the host, 1 to 65535. Default: the same as `port`. */
    hostPort?: number;
    /**
     * Only on Docker; an error with another backend. The host's address to bind. Default: `127.0.0.1`, which only the host itself
     * reaches.
     */
    hostIp?: string;
}

/** When a worker is started again. */
export interface RestartPolicy {
    /**
     * How often a worker that fails is started again before it counts as failed: a whole number from 0 to 1000. Docker restarts the
     * container, Kubernetes starts another Pod. Default: without limit with `wait: "running"`, once the session is up; else 0.
     */
    attempts?: number;
    /**
     * Whether a worker is started again whatever its exit code, without limit: a service that is not to end. One that ends with 0 then
     * counts as failed. Default: false; a worker that ends with 0 has succeeded and stays ended. A change recreates the workers. An error
     * with `attempts`, with `maxSeconds`, for a pool, unless `wait` is `"running"`, and with `kubernetes.workers: "IndexedJob"`.
     */
    always?: boolean;
}

/**
 * The workers: engines that differ only in their rank. Without `script`, `code` and `command` they are a pool: they run what the master
 * launches with `launch_workers` (Python) or `launch.workers` (R) of the package `cdsw`, which the default image has.
 */
export interface WorkersSpec extends EngineSpec {
    /** The number of workers: a whole number from 0. A change adds or removes the highest ranks and leaves all other engines running. */
    n: number;
    /**
     * When a worker is started again. Default: when it fails, without limit with `wait: "running"`, once the session is up; else never. In a
     * pool, the engine is restarted, and not what it ran. An error for a pool unless `wait` is `"running"`, because it would hide failed
     * work, and on Kubernetes with `wait: "master"`.
     */
    restart?: RestartPolicy;
    /**
     * How a worker finds out whether it has joined what the master runs: a program and its arguments, run in the worker, without the image's
     * entrypoint, again and again until it ends with 0. A run of more than 10 s has failed. With `wait: "running"`, `pulumi up` ends when
     * every worker has joined or has ended; with `"none"`, nothing runs it. An error with `"completed"` and `"master"`. On Docker, each `up`
     * runs it, and a change recreates nothing. On Kubernetes, it is a startup probe, and a change recreates the workers. Default: none; a
     * worker has joined when it runs.
     */
    joinCheck?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A group of workers besides `workers`, with a size, an image and an environment of its own. It runs a program: one without `script`, `code`
 * and `command` is an error. Its engines are called `<session>-<name>-<i>`, and `<name>-<i>` among themselves; `RANK` is i, which counts
 * from 1 in each group, and `CDSW_WORKER_GROUP` is the name.
 */
export interface WorkerGroupSpec extends WorkersSpec {
    /**
     * The name of the group: at most 20 lower-case letters, digits and `-`, starting with a letter and not ending with `-` or with `-` and a
     * number. With the session's name at most 46 characters. Errors: `master`, `worker`, `workers`, and the name of another group.
     */
    name: string;
}

/** What a session has besides its engines. */
export interface SessionSettings {
    /** Where the engines run. Default: `docker`. */
    backend?: Backend;
    /**
     * The folder whose files every engine finds in `/home/cdsw`, relative to the Pulumi program's folder; its `.dockerignore` lists
     * exceptions. Links to files are followed. Required for `script`. Default: none.
     */
    project?: string;
    /** A folder that all engines share, such as `{}` for a volume of the session's own at `/shared`. Default: none. */
    shared?: SharedFolder;
    /**
     * Further volumes that every engine mounts, such as data sets: volumes that are there already, and stay. A change replaces all engines.
     * Default: none.
     */
    volumes?: Volume[];
    /**
     * The ports of the master that can be reached from outside the session; `endpoints` says where. On Docker, a port of the host is bound,
     * and a change replaces all engines. On Kubernetes, a Service leads to the master (`kubernetes.serviceType`), only those in
     * `kubernetes.access` may come in, and a change replaces no engine. Default: none.
     */
    publish?: PublishedPort[];
    /** What `pulumi up` waits for. Default: `running`. */
    wait?: Wait;
    /**
     * How many seconds `pulumi up` waits for the master's ports, and then again for the workers as `wait` says; 0 is no limit.
     * Default: 300 for the ports and for `running`, no limit for `completed` and `master`.
     */
    timeoutSeconds?: number;
    /**
     * Whether a failing worker makes `pulumi up` fail. A worker of a pool fails when something that it ran has failed. Default: `fail`;
     * with a pool and with `wait: "master"` `report`, because the master's program sees what fails.
     */
    onWorkerFailure?: OnWorkerFailure;
    /**
     * How many seconds the engines may live: a whole number from 1 to 31536000. Then they are ended, by SIGTERM and after `stopSeconds` by
     * SIGKILL, also when no program of Pulumi runs; they count as failed. Counted from the start of each engine. A service that is
     * restarted has one such time over all its restarts, a worker with `workers.restart` has it for each attempt. A change recreates all
     * engines. On Docker, the images need `sh`, `date` and `sleep`. On Kubernetes, an error where the workers are one Indexed Job and
     * restart without limit. Default: none, no limit.
     */
    maxSeconds?: number;
    /**
     * Where engines may connect to. On Docker, a change replaces all engines, and `closed` with published ports is an error. On Kubernetes,
     * the cluster's network has to enforce policies. Default: `open`.
     */
    egress?: Egress;
    /**
     * Whether the root file system of the engines is read-only. They may write in `/tmp`, in `/home/cdsw`, in the shared folder and
     * in each of `volumes` that is not read-only, and a program that writes elsewhere fails. On Docker, `/tmp` is in memory, which counts
     * towards the engine's. On Kubernetes, what the image has in `/home/cdsw` is hidden. A change recreates all engines. Default: false.
     */
    readOnlyRoot?: boolean;
    /**
     * Whether `WORLD_SIZE` in the environment of every engine is the number of engines, the master included, as programs of
     * `torch.distributed` and MPI read it. A change of `workers.n` then recreates all engines: the job starts again. An error with
     * `workerGroups`, in which `RANK` is no number among all. Default: false.
     */
    worldSize?: boolean;
    /** Settings of the Docker backend; an error with another backend. */
    docker?: DockerOptions;
    /** Settings of the Kubernetes backend; an error with another backend. */
    kubernetes?: KubernetesOptions;
}

/** The arguments of a session. */
export interface DistributedSessionArgs extends SessionSettings {
    /** The master engine. */
    master: MasterSpec;
    /** The worker engines. */
    workers: WorkersSpec;
    /**
     * Groups of workers besides `workers`; all that is the session's, such as `wait`, `onWorkerFailure` and `kubernetes.workerPods`, holds for
     * them too. Their order is that of the output `workers`. On Docker, at most 7, and their place in the list decides their addresses: a
     * group that is added at the end or resized moves no other, and one that is removed from the middle recreates those after it; `n: 0`
     * keeps the place. An error with a pool. Default: none.
     */
    workerGroups?: WorkerGroupSpec[];
}
