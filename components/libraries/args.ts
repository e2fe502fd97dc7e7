import { MasterSpec, SessionSettings, WorkerGroupSpec, WorkersSpec } from "../model/args";

/**
 * The arguments of a cluster of a library: those of a session, of which the library gives most. What is given here takes the place of what
 * the library gives: a program, `ports`, the image, each variable of `env`.
 */
export interface ClusterArgs extends SessionSettings {
    /**
     * A script of `project` that runs on the master, beside the library's scheduler (a torch job: on every engine). `pulumi up` ends with it
     * and with its exit code, and ends the workers. Default: none; the cluster then serves until it is destroyed. An error where the
     * library has only jobs.
     */
    job?: string;
    /** The master engine. Default: what the library gives. */
    master?: MasterSpec;
    /** The worker engines. `n` is the only property that must be given. */
    workers: WorkersSpec;
    /**
     * Groups of workers besides `workers`, such as a few with GPUs. They are those of a session, and each of their engines is a worker of the
     * library, with the limits of its group. `name` and `n` are the only properties that must be given. Default: none.
     */
    workerGroups?: WorkerGroupSpec[];
}
