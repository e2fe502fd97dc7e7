import * as fs from "fs";
import * as path from "path";
import { pause } from "../../components/observing/time";
import { ensureLibraryImage } from "../../toolchain/libraryImage";
import { projectFolder } from "../../toolchain/versions";
import { docker } from "../e2e/support/backends";
import { destroySessions } from "../e2e/support/session";
import { toolEnvironment } from "../e2e/support/stack";
import { createCluster, python } from "../libraries/support";
import { screenshot } from "./browser";

/** A page of a cluster that is worth a picture. */
interface Picture {
    library: "dask" | "spark";
    /** The port of the page, and its path. */
    port: number;
    path: string;
    /** What the cluster computes meanwhile, in Python. */
    work: string;
    /** How long the cluster works before the page is opened, and how long the page then has to fill, in ms. */
    afterMs: number;
    fillMs: number;
    /** The memory of each of the four workers, in GiB. */
    memory: number;
}

const pictures: Picture[] = [
    {
        library: "dask",
        port: 8787,
        path: "/status",
        afterMs: 0,
        fillMs: 20_000,
        memory: 0.5,
        work: `
import time
from distributed import Client
client = Client("127.0.0.1:8786")
def work(number):
    time.sleep(0.2 + number % 5 / 10)
    return bytes(number % 7 * 100_000)
futures = client.map(work, range(300))
print(len(client.gather(futures)))`,
    },
    {
        library: "spark",
        port: 8080,
        path: "/",
        // Java starts slowly, and the page does not renew itself.
        afterMs: 45_000,
        fillMs: 5000,
        memory: 1.5,
        work: `
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("squares").config("spark.ui.showConsoleProgress", "false").getOrCreate()
import time
print(spark.sparkContext.parallelize(range(80), 80).map(lambda x: (time.sleep(4), x * x)[1]).sum())`,
    },
];

const hostPort = 18799;

/** Takes the picture of a page while its cluster works. */
async function take({ library, port, path: page, work, memory, afterMs, fillMs }: Picture): Promise<void> {
    await ensureLibraryImage(library, await toolEnvironment());
    const workers = { n: 4, cpu: 1, memory };
    const cluster = await createCluster(library, { publish: [{ port, hostPort }], workers }, docker);
    try {
        await cluster.up();
        const working = python(cluster, work);
        await pause(afterMs);
        const picture = await screenshot(`http://127.0.0.1:${hostPort}${page}`, fillMs);
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
