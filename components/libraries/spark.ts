import * as pulumi from "@pulumi/pulumi";
import { Wait } from "../model/args";
import { map } from "../model/inputs";
import { Engine } from "../model/outputs";
import { gibToMib } from "../model/units";
import { ClusterArgs } from "./args";
import { declareCluster } from "./cluster";
import { libraryImages } from "./images";
import { Preset } from "./preset";
import { countCores, runJob, shell } from "./shell";

const port = 7077;
const dashboardPort = 8080;
const workerPort = 8081;
/** MiB of a worker beside its executors' heaps: Spark's own process, and what an executor has outside of its heap. */
const overhead = 640;
const leastMemory = 1.5;

const own = 'SPARK_LOCAL_IP="$CDSW_IP_ADDRESS"';
const url = `spark://$CML_MASTER_IP:${port}`;
const master =
    `spark-class org.apache.spark.deploy.master.Master` +
    ` --host "$CDSW_IP_ADDRESS" --port ${port} --webui-port ${dashboardPort}`;
const worker = `spark-class org.apache.spark.deploy.worker.Worker --host "$CDSW_IP_ADDRESS" --webui-port ${workerPort} "${url}"`;
const submit = `spark-submit --master "${url}" --conf spark.driver.host="$CDSW_IP_ADDRESS" "$1"`;

/** A driver that comes before the master asks again after 20 s only. */
const awaitMaster =
    `while kill -0 $! 2>/dev/null && ! grep -qs ":${port.toString(16).toUpperCase()} [0-9A-F]*:0000 0A" /proc/net/tcp /proc/net/tcp6;` +
    " do sleep 0.2; done";

const work = shell(
    countCores,
    `export ${own} SPARK_WORKER_CORES=$cores SPARK_WORKER_MEMORY=$((CDSW_MEMORY_MB - ${overhead}))m`,
    "export SPARK_WORKER_DIR=/tmp/spark-work",
    `exec ${worker}`,
);

/** The worker says whether it has a master, and then the master whether it knows the worker: its page has all workers, and is asked last. */
const joinCheck = `
import json, os, sys, urllib.request
def page(host, port):
    return json.load(urllib.request.urlopen(f"http://{host}:{port}/json/", timeout=5))
try:
    own = page(os.environ["CDSW_IP_ADDRESS"], ${workerPort})
    known = page(os.environ["CML_MASTER_IP"], ${dashboardPort})["workers"] if own["masterurl"] else []
except OSError as error:
    sys.exit(f"not registered: {error}")
if not any(each["id"] == own["id"] and each["state"] == "ALIVE" for each in known):
    sys.exit("the master does not know this worker")
`.trim();

/** The pages of workers are reached through the master's. */
const pages = "-Dspark.ui.reverseProxy=true";
const ofAll = { PYTHONPATH: "/home/cdsw", PYSPARK_PYTHON: "python3", SPARK_DAEMON_MEMORY: "256m" };

export const sparkPreset: Preset = {
    image: libraryImages.spark,
    master: {
        ports: [port],
        memory: leastMemory,
        serve: shell(`export ${own}`, `exec ${master}`),
        job: shell(`export ${own}`, `${master} &`, awaitMaster, runJob(submit)),
        env: ({ workerMemory }) => ({
            ...ofAll,
            SPARK_MASTER_OPTS: pages,
            // Spark asks for 1 GiB whatever workers have, and waits for ever for what none of them has.
            SPARK_EXECUTOR_MEMORY: map(workerMemory, (gib) => `${gibToMib(gib) - overhead}m`),
        }),
    },
    workers: {
        memory: leastMemory,
        leastMemory,
        serve: work,
        joinCheck: ["python3", "-c", joinCheck],
        job: work,
        env: () => ({ ...ofAll, SPARK_WORKER_OPTS: pages }),
    },
    // Parts that executors write elsewhere are lost without an error.
    shared: {},
    jobWait: Wait.Master,
    client: { scheme: "spark", port, dashboard: { port: dashboardPort, path: "/" } },
};

/**
 * A standalone Spark cluster: a master, and workers that offer the whole cores of their CPU limit and the memory of their limit without
 * 640 MiB, which is what one executor gets. Workers have at least 1.5 GiB; master and workers have 1.5 GiB by default. A change of
 * `workers.memory` replaces all engines. With `workerGroups`, an executor gets what the smallest of all workers offers, whatever their `n`;
 * an application that asks for more gets it on the larger ones alone.
 *
 * Executors write files where they run. So on Docker the cluster has a folder `/shared` by default, which goes with it: write to
 * `/shared/...`, or name what `shared` is to be. On Kubernetes it has one only where `shared` says so, because a cluster may have no
 * volumes that several nodes share: without one, what is written to a path of the engines is lost without an error.
 *
 * On the master, `spark-submit`, `pyspark` and `SparkSession.builder.getOrCreate()` find the cluster by themselves.
 *
 * @example
 * const cluster = new SparkCluster("spark", { workers: { n: 4, cpu: 2, memory: 4 } });
 * export const address = cluster.address;
 * export const dashboard = cluster.dashboard; // http://127.0.0.1:8080/
 */
export class SparkCluster extends pulumi.ComponentResource {
    /** The master's address for drivers in the session's network: `spark://10.34.0.2:7077`. */
    public readonly address: pulumi.Output<string>;
    /**
     * The master's address for drivers outside, which the workers must be able to reach in turn, as they reach programs on their Docker
     * host; undefined where its port is not published.
     */
    public readonly publishedAddress: pulumi.Output<string | undefined>;
    /** The address of the dashboard, with the pages of the workers: the published one if there is one. */
    public readonly dashboard: pulumi.Output<string>;
    /** The master's engine, in the state at the end of the last `pulumi up`. */
    public readonly master: pulumi.Output<Engine>;
    /** The workers' engines by rank, and then those of each group in its order; in the state at the end of the last `pulumi up`. */
    public readonly workers: pulumi.Output<Engine[]>;
    /** The name of the session's network. */
    public readonly network: pulumi.Output<string>;

    /**
     * Declares a Spark cluster.
     *
     * @param name The name of the cluster and of its session: at most 40 lower-case letters, digits and `-`, starting with a letter.
     * @param args The size of the cluster, and what is to differ from what Spark gives. A `job` is what `spark-submit` takes.
     * @param opts Resource options, as for a DistributedSession.
     */
    constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("distributed-session:index:SparkCluster", name, args, opts);

        const cluster = declareCluster({ preset: sparkPreset, component: this, opts }, name, args);

        this.address = cluster.address;
        this.publishedAddress = cluster.publishedAddress;
        this.dashboard = cluster.dashboard;
        this.master = cluster.master;
        this.workers = cluster.workers;
        this.network = cluster.network;
        this.registerOutputs({ ...cluster });
    }
}
