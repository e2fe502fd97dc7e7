import * as pulumi from "@pulumi/pulumi";
import { Wait } from "../model/args";
import { Engine } from "../model/outputs";
import { ClusterArgs } from "./args";
import { declareCluster } from "./cluster";
import { libraryImages } from "./images";
import { Facts, Preset } from "./preset";
import { countCores, runAgain, runJob, shell } from "./shell";

const port = 6379;
const clientPort = 10001;
const dashboardPort = 8265;
const mebibyte = 2 ** 20;

// Half of the memory is for tasks and three tenths are for objects, in bytes; Ray's own processes need the rest.
const start =
    `ray start --log-color false --node-ip-address="$CDSW_IP_ADDRESS" --num-cpus="$cores"` +
    ` --memory="$((CDSW_MEMORY_MB * ${mebibyte * 0.5}))"` +
    ` --object-store-memory="$((CDSW_MEMORY_MB * ${Math.floor(mebibyte * 0.3)}))"`;
const head =
    `${start} --head --disable-usage-stats --port=${port} --ray-client-server-port=${clientPort}` +
    ` --dashboard-host=0.0.0.0 --dashboard-port=${dashboardPort}`;
const worker = `${start} --block --address="$CML_MASTER_IP:${port}"`;

/** A node that does not start within half a minute gives up. A service is started again then, and a job is not. */
const tries = 5;
const headOfJob = [
    `for try in $(seq ${tries}); do`,
    `    ${head} && break`,
    `    [ $try -lt ${tries} ] || exit 1`,
    "    ray stop --force",
    "done",
].join("\n");

/** Every node has a page that asks the head whether it knows the node. */
const joinCheck = `
import sys, urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:52365/api/local_raylet_healthz", timeout=5)
except OSError as error:
    sys.exit(f"the head does not know this node: {error}")
`.trim();

const env = ({ token }: Facts) => ({
    PYTHONPATH: "/home/cdsw",
    RAY_AUTH_MODE: "token",
    RAY_AUTH_TOKEN: token,
});

export const rayPreset: Preset = {
    image: libraryImages.ray,
    master: {
        ports: [port],
        mainPort: port,
        // An idle head takes three quarters of a GiB.
        memory: 2,
        serve: shell(countCores, `exec ${head} --block`),
        job: shell(countCores, headOfJob, "export RAY_ADDRESS=auto", runJob('python3 -u "$1"')),
        env,
    },
    workers: {
        memory: 1,
        // The time in which a node drains.
        stopSeconds: 30,
        serve: shell(countCores, `exec ${worker}`),
        joinCheck: ["python3", "-c", joinCheck],
        job: shell(countCores, runAgain(worker, tries)),
        // Every two seconds, a worker asks whether the head has started. It gives up after 40 s by default, and a job does not start it again.
        env: (facts) => ({ ...env(facts), RAY_NUM_REDIS_GET_RETRIES: "150" }),
    },
    jobWait: Wait.Master,
    client: { scheme: "ray", port: clientPort, hasToken: true, dashboard: { port: dashboardPort, path: "" } },
};

/**
 * A Ray cluster: a head and workers, which are nodes that run tasks. A node has as many CPUs as its limit has whole cores, at least one,
 * and of its memory one half for tasks and three tenths for objects. Ray finds the GPUs of a node itself. The master has 2 GiB of memory
 * by default, because an idle head takes three quarters of one. Clients without the token are refused, and the dashboard shows them nothing.
 *
 * @example
 * const cluster = new RayCluster("ray", { workers: { n: 4, cpu: 2, memory: 4 } });
 * export const address = cluster.publishedAddress; // ray.init("ray://127.0.0.1:10001")
 * export const token = cluster.token; // RAY_AUTH_MODE=token RAY_AUTH_TOKEN=...
 */
export class RayCluster extends pulumi.ComponentResource {
    /** The head's address for clients in the session's network: `ray://10.34.0.2:10001`. */
    public readonly address: pulumi.Output<string>;
    /** The head's address for clients outside; undefined where its port is not published. */
    public readonly publishedAddress: pulumi.Output<string | undefined>;
    /** The address of the dashboard: the published one if there is one. It asks for the token. */
    public readonly dashboard: pulumi.Output<string>;
    /**
     * The token of the cluster, a secret that the state keeps: it stays the same as long as the cluster exists. A client has it in
     * `RAY_AUTH_TOKEN`, and `token` in `RAY_AUTH_MODE`, as every engine does.
     */
    public readonly token: pulumi.Output<string>;
    /** The head's engine, in the state at the end of the last `pulumi up`. */
    public readonly master: pulumi.Output<Engine>;
    /** The workers' engines by rank, and then those of each group in its order; in the state at the end of the last `pulumi up`. */
    public readonly workers: pulumi.Output<Engine[]>;
    /** The name of the session's network. */
    public readonly network: pulumi.Output<string>;

    /**
     * Declares a Ray cluster. Needs Pulumi 3.208, for the token.
     *
     * @param name The name of the cluster and of its session: at most 40 lower-case letters, digits and `-`, starting with a letter.
     * @param args The size of the cluster, and what is to differ from what Ray gives.
     * @param opts Resource options, as for a DistributedSession.
     */
    constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("distributed-session:index:RayCluster", name, args, opts);

        const cluster = declareCluster({ preset: rayPreset, component: this, opts }, name, args);

        this.address = cluster.address;
        this.publishedAddress = cluster.publishedAddress;
        this.dashboard = cluster.dashboard;
        this.token = cluster.token!;
        this.master = cluster.master;
        this.workers = cluster.workers;
        this.network = cluster.network;
        this.registerOutputs({ ...cluster });
    }
}
