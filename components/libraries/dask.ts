import * as pulumi from "@pulumi/pulumi";
import { Wait } from "../model/args";
import { Engine } from "../model/outputs";
import { ClusterArgs } from "./args";
import { declareCluster } from "./cluster";
import { libraryImages } from "./images";
import { Preset } from "./preset";
import { countCores, runJob, shell } from "./shell";

const port = 8786;
const dashboardPort = 8787;
const scheduler = `dask scheduler --host 0.0.0.0 --port ${port} --dashboard-address 0.0.0.0:${dashboardPort}`;
const worker =
    `dask worker "tcp://$CML_MASTER_IP:${port}" --name "$name" --host "$CDSW_IP_ADDRESS" --nworkers 1` +
    ` --nthreads $cores --memory-limit "\${CDSW_MEMORY_MB}MiB" --death-timeout 60 --local-directory /tmp`;

/** The name that the other engines have for this one: `worker-1`, `gpu-1`. */
const nameWorker = 'name="${CDSW_WORKER_GROUP:-worker}-$RANK"';

/** Moves the data of the worker of this name to the other workers. */
const retire = `
import os, sys
from distributed import Client
scheduler = f"tcp://{os.environ['CML_MASTER_IP']}:${port}"
Client(scheduler, timeout=5).retire_workers(names=[sys.argv[1]])
`.trim();

/** Asks the scheduler for the page of each address on which a program of this engine listens: it has one for each worker that it knows. */
const joinCheck = `
import os, socket, sys
own, scheduler = os.environ["CDSW_IP_ADDRESS"], os.environ["CML_MASTER_IP"]
listening = "%08X:" % int.from_bytes(socket.inet_aton(own), sys.byteorder)
for line in open("/proc/net/tcp"):
    _, local, _, state = line.split()[:4]
    if local.startswith(listening) and state == "0A":
        page = f"/info/worker/tcp%3A%2F%2F{own}%3A{int(local[9:], 16)}.html"
        with socket.create_connection((scheduler, ${dashboardPort}), 5) as connection, connection.makefile("rb") as answer:
            connection.sendall(f"GET {page} HTTP/1.0\\r\\n\\r\\n".encode())
            status = answer.readline()
            answer.read()
        if b" 200 " in status:
            sys.exit()
sys.exit("the scheduler does not know this worker")
`.trim();

export const daskPreset: Preset = {
    image: libraryImages.dask,
    master: {
        ports: [port],
        serve: shell(`exec ${scheduler}`),
        job: shell(`${scheduler} &`, runJob('python3 -u "$1"')),
        env: () => ({ PYTHONPATH: "/home/cdsw", DASK_SCHEDULER_ADDRESS: `tcp://127.0.0.1:${port}` }),
    },
    workers: {
        // The time to move data.
        stopSeconds: 30,
        serve: [
            ...shell(
                countCores,
                nameWorker,
                `${worker} &`,
                "worker=$!",
                `trap 'python3 -c "$1" "$name"; kill -TERM $worker' TERM`,
                "wait $worker; wait $worker",
                // A worker that lost its scheduler ends with 0. A failure is started again by every kind of worker, also in an Indexed Job.
                "exit 69",
            ),
            retire,
        ],
        joinCheck: ["python3", "-c", joinCheck],
        job: shell(countCores, nameWorker, `exec ${worker}`),
        env: () => ({ PYTHONPATH: "/home/cdsw" }),
    },
    jobWait: Wait.Master,
    client: { scheme: "tcp", port, dashboard: { port: dashboardPort, path: "/status" } },
};

/**
 * A Dask cluster: a scheduler and workers of one process each, with as many threads as their CPU limit has whole cores and the memory of
 * their limit. A worker that is removed moves its data to the others first.
 *
 * @example
 * const cluster = new DaskCluster("dask", { workers: { n: 4, cpu: 1, memory: 2 } });
 * export const address = cluster.publishedAddress; // Client("tcp://127.0.0.1:8786")
 * export const dashboard = cluster.dashboard;
 */
export class DaskCluster extends pulumi.ComponentResource {
    /** The scheduler's address for clients in the session's network: `tcp://10.34.0.2:8786`. */
    public readonly address: pulumi.Output<string>;
    /** The scheduler's address for clients outside; undefined where its port is not published. */
    public readonly publishedAddress: pulumi.Output<string | undefined>;
    /** The address of the dashboard: the published one if there is one. */
    public readonly dashboard: pulumi.Output<string>;
    /** The scheduler's engine, in the state at the end of the last `pulumi up`. */
    public readonly master: pulumi.Output<Engine>;
    /** The workers' engines by rank, and then those of each group in its order; in the state at the end of the last `pulumi up`. */
    public readonly workers: pulumi.Output<Engine[]>;
    /** The name of the session's network. */
    public readonly network: pulumi.Output<string>;

    /**
     * Declares a Dask cluster.
     *
     * @param name The name of the cluster and of its session: at most 40 lower-case letters, digits and `-`, starting with a letter.
     * @param args The size of the cluster, and what is to differ from what Dask gives.
     * @param opts Resource options, as for a DistributedSession.
     */
    constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("distributed-session:index:DaskCluster", name, args, opts);

        const cluster = declareCluster({ preset: daskPreset, component: this, opts }, name, args);

        this.address = cluster.address;
        this.publishedAddress = cluster.publishedAddress;
        this.dashboard = cluster.dashboard;
        this.master = cluster.master;
        this.workers = cluster.workers;
        this.network = cluster.network;
        this.registerOutputs({ ...cluster });
    }
}
