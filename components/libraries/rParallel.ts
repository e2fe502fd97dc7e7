import * as pulumi from "@pulumi/pulumi";
import { OnWorkerFailure, Wait } from "../model/args";
import { engineImage } from "../model/kernels";
import { Engine } from "../model/outputs";
import { ClusterArgs } from "./args";
import { declareSession } from "./cluster";
import { Preset } from "./preset";
import { shell } from "./shell";

const port = 11000;
/** A month: R ends a connection on which nothing has come for that long. */
const idleSeconds = 2_592_000;

/**
 * Accepts every worker on one socket that stays open: makePSOCKcluster opens its port anew for each, and loses who comes in between.
 * A worker that has not answered is none.
 */
const master = `
library(parallel)
server <- serverSocket(${port}L)
cl <- list()
while (length(cl) < as.integer(Sys.getenv("CLUSTER_WORKERS"))) {
    connection <- socketAccept(server, blocking = TRUE, open = "a+b", timeout = 60)
    node <- structure(list(con = connection, host = "worker", rank = length(cl) + 1L), class = "SOCKnode")
    answers <- tryCatch({
        parallel:::sendCall(node, Sys.getpid, list())
        joined <- is.integer(parallel:::recvResult(node))
        socketTimeout(connection, ${idleSeconds})
        joined
    }, error = function(e) FALSE)
    if (answers) cl[[length(cl) + 1L]] <- node else close(connection)
}
class(cl) <- c("SOCKcluster", "cluster")
if (length(cl) > 0) setDefaultCluster(cl)
source(commandArgs(trailingOnly = TRUE)[1], print.eval = TRUE)
stopCluster(cl)
`.trim();

/** Tries again until the handshake has worked. */
const worker =
    "exec Rscript -e 'parallel:::.workRSOCK()' MASTER=$CML_MASTER_IP" +
    ` PORT=${port} OUT= SETUPTIMEOUT=120 TIMEOUT=${idleSeconds} XDR=TRUE SETUPSTRATEGY=parallel`;

export const rParallelPreset: Preset = {
    image: engineImage,
    master: {
        ports: [port],
        job: ["Rscript", "-e", master],
        env: ({ n }) => ({ CLUSTER_WORKERS: String(n) }),
    },
    workers: { job: shell(worker), env: () => ({}) },
    jobWait: Wait.Master,
    // The master waits for every worker, so that one that fails is not to be told at the end.
    onJobFailure: OnWorkerFailure.Fail,
};

/** The arguments of a cluster of R's package parallel: those of a cluster, with a job. */
export interface RParallelClusterArgs extends ClusterArgs {
    /** The script of `project` that runs on the master. It finds the cluster as `cl`, which is also the default cluster. */
    job: string;
}

/**
 * A cluster of R's package `parallel`, for one job: the script runs on the master once all workers have joined, and `cl` is the cluster.
 * `pulumi up` ends with the script and with its exit code. A change of `workers.n`, or of the `n` of a group, replaces the master.
 *
 * @example
 * // squares.R: print(parLapply(cl, 1:12, function(i) i^2))
 * new RParallelCluster("squares", { project: "squares", job: "squares.R", workers: { n: 3 } });
 */
export class RParallelCluster extends pulumi.ComponentResource {
    /** The engine that runs the script, in the state at the end of the last `pulumi up`. */
    public readonly master: pulumi.Output<Engine>;
    /** The workers' engines by rank, and then those of each group in its order; in the state at the end of the last `pulumi up`. */
    public readonly workers: pulumi.Output<Engine[]>;
    /** The name of the session's network. */
    public readonly network: pulumi.Output<string>;

    /**
     * Declares a cluster of R's package `parallel`.
     *
     * @param name The name of the cluster and of its session: at most 40 lower-case letters, digits and `-`, starting with a letter.
     * @param args The job, and the size of the cluster.
     * @param opts Resource options, as for a DistributedSession.
     */
    constructor(name: string, args: RParallelClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("distributed-session:index:RParallelCluster", name, args, opts);

        const session = declareSession({ preset: rParallelPreset, component: this, opts }, name, args);

        this.master = session.master;
        this.workers = session.workers;
        this.network = session.network;
        this.registerOutputs({ master: this.master, workers: this.workers, network: this.network });
    }
}
