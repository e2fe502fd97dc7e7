import * as fs from "fs";
import * as path from "path";
import { ensureLibraryImage } from "../../toolchain/libraryImage";
import { projectFolder } from "../../toolchain/versions";
import { docker } from "../e2e/support/backends";
import { eventually } from "../e2e/support/eventually";
import { destroySessions } from "../e2e/support/session";
import { toolEnvironment } from "../e2e/support/stack";
import { createCluster, python } from "../libraries/support";
import { Page, screenshot } from "./browser";

/** A page of a cluster that is worth a picture. */
interface Picture extends Pick<Page, "fillMs" | "height"> {
    library: "dask" | "ray" | "spark";
    /** The port of the page, and its path. */
    port: number;
    path: string;
    /** The cookie that has the cluster's token once a user has logged in. */
    cookie?: string;
    /** What the cluster computes meanwhile, in Python. It calls `show` once all four workers take part. */
    work: string;
    /** The memory of each of the four workers, in GiB. */
    memory: number;
}

const marker = "/tmp/show";
const show = `
def show():
    open("${marker}", "w").close()
`;

const pictures: Picture[] = [
    {
        library: "dask",
        port: 8787,
        path: "/status",
        fillMs: 20_000,
        memory: 0.5,
        work: `
import time
from distributed import Client
client = Client("127.0.0.1:8786")
client.wait_for_workers(4)
def work(number):
    time.sleep(0.2 + number % 5 / 10)
    return bytes(number % 7 * 100_000)
show()
futures = client.map(work, range(300))
print(len(client.gather(futures)))`,
    },
    {
        library: "ray",
        port: 8265,
        path: "/#/cluster",
        cookie: "ray-authentication-token",
        fillMs: 20_000,
        // Five nodes, one below the other.
        height: 980,
        memory: 1,
        work: `
import logging, time
import ray
while not ray.is_initialized():
    try:
        ray.init("auto", log_to_driver=False, logging_level=logging.ERROR)
    except Exception:
        time.sleep(1)
while ray.cluster_resources()["CPU"] != 5:
    time.sleep(1)
@ray.remote(num_cpus=1, scheduling_strategy="SPREAD")
def work(number):
    end = time.time() + 40
    while time.time() < end:
        sum(range(100_000))
        time.sleep(0.05)
    return bytes(20_000_000)
first = [work.remote(number) for number in range(5)]
second = [work.remote(number) for number in range(5)]
ray.wait(first, num_returns=5)
show()
ray.wait(second, num_returns=5)`,
    },
    {
        library: "spark",
        port: 8080,
        path: "/",
        fillMs: 5000,
        memory: 1.5,
        work: `
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("squares").config("spark.ui.showConsoleProgress", "false").getOrCreate()
context = spark.sparkContext
while context._jsc.sc().getExecutorMemoryStatus().size() != 5:
    time.sleep(1)
show()
print(context.parallelize(range(40), 40).map(lambda x: (time.sleep(2), x * x)[1]).sum())`,
    },
];

const hostPort = 18799;
/** Java and Ray start slowly. */
const startingMs = 5 * 60_000;

/** Takes the picture of a page while its cluster works. */
async function take({ library, port, path: page, cookie, work, memory, ...window }: Picture): Promise<void> {
    await ensureLibraryImage(library, await toolEnvironment());
    const workers = { n: 4, cpu: 1, memory };
    const cluster = await createCluster(library, { publish: [{ port, hostPort }], workers }, docker);
    try {
        await cluster.up();
        const { token } = await cluster.stack.outputs();
        const working = python(cluster, `${show}${work}`);
        const isShown = async () => (await cluster.exec("master", "test", "-e", marker)).exitCode === 0;
        await Promise.race([working, eventually("work on all workers", startingMs, isShown)]);
        const picture = await screenshot({
            url: `http://127.0.0.1:${hostPort}${page}`,
            ...window,
            ...(cookie === undefined ? {} : { cookie: { name: cookie, value: token } }),
        });
        fs.writeFileSync(path.join(projectFolder, "docs/pictures", `${library}.png`), picture);
        await working;
    } finally {
        await destroySessions();
    }
}

/** Takes all pictures of the documents, or those of the libraries that are named. */
async function main(): Promise<void> {
    const named = process.argv.slice(2);
    for (const picture of pictures.filter(({ library }) => named.length === 0 || named.includes(library))) {
        await take(picture);
    }
}

void main();
