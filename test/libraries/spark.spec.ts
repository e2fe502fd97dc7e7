import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../toolchain/versions";
import { eventually } from "../e2e/support/eventually";
import { isLarge } from "../e2e/support/size";
import { skip } from "../e2e/support/skipping";
import { TestSession, destroySessions } from "../e2e/support/session";
import { folderWith, removeFolders } from "../helpers/folders";
import { assertJobEndsSession, createCluster, describeLibrary, killProgram, python } from "./support";

/** A busy machine needs a minute for each start of Java, and up to five of them come one after the other. */
const startingMs = 10 * 60_000;

const workers = { n: 2, cpu: 1, memory: 1.5 };

/** What the master knows of a worker. */
interface KnownWorker {
    state: string;
    host: string;
    cores: number;
    memory: number;
}

describeLibrary("a Spark cluster", "spark", () => {
    let cluster: TestSession;
    let dashboard: string;
    after(destroySessions);

    /** The workers that are registered. */
    async function registered(): Promise<KnownWorker[]> {
        const signal = AbortSignal.timeout(5000);
        const answer = await fetch(`${dashboard}json/`, { signal }).catch(() => undefined);
        const known = answer?.ok ? ((await answer.json()) as { workers: KnownWorker[] }).workers : [];
        return known.filter(({ state }) => state === "ALIVE");
    }

    async function allRegistered(): Promise<void> {
        await eventually("both workers are registered", 120_000, async () => (await registered()).length === 2);
    }

    before(async function () {
        this.timeout(startingMs);
        if (!isLarge) {
            skip(this, "it starts Java six times, which takes minutes: DISTRIBUTED_SESSION_TESTS=large runs it");
        }
        cluster = await createCluster("spark", { publish: [{ port: 8080, hostPort: 18080 }], workers });
        await cluster.up();
        const outputs = await cluster.stack.outputs();
        dashboard = outputs.dashboard;
        assert.equal(dashboard, "http://127.0.0.1:18080/");
        assert.match(outputs.address, /^spark:\/\/10\.[\d.]+:7077$/);
        assert.equal((await registered()).length, 2);
    });

    it("knows the cores and the memory that its workers have for executors, and shows their pages", async () => {
        const known = await registered();
        const { workers: engines } = await cluster.stack.outputs();
        assert.deepEqual(
            known
                .map(({ host, cores, memory }) => ({ host, cores, memory }))
                .sort((a, b) => (a.host < b.host ? -1 : 1)),
            engines.map(({ ip }: { ip: string }) => ({ host: ip, cores: 1, memory: 1.5 * 1024 - 640 })),
        );
        const { id } = known[0] as KnownWorker & { id: string };
        const page = await fetch(`${dashboard}proxy/${id}/`);
        assert.match(await page.text(), /Spark Worker at/);
    });

    it("is found by a program on the master, and gives it all the memory that workers have", async () => {
        const program = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
context = spark.sparkContext
print(context.master, context.parallelize(range(100), 4).sum(), spark.range(10).count())
print(sorted(set(context.parallelize(range(8), 8).map(lambda _: __import__("os").environ["RANK"]).collect())))
print(context._jsc.sc().executorMemory())`;
        const { address } = await cluster.stack.outputs();
        assert.equal(
            (await python(cluster, program)).split("\n").slice(-3).join("\n"),
            `${address} 4950 10\n['1', '2']\n896`,
        );
    });

    it("is whole again by itself when its master is killed, with nothing for up to do", async () => {
        const before = await cluster.ids();
        await killProgram(cluster, "deploy.master.Master");
        await eventually("the master is gone", 10_000, async () => (await registered()).length === 0);
        await allRegistered();
        await cluster.assertAtRest();
        assert.deepEqual(await cluster.ids(), before);
    });
});

describeLibrary("a job on a Spark cluster", "spark", () => {
    afterEach(destroySessions);
    after(removeFolders);

    it("computes, writes into the shared folder from all workers, and ends the session with its exit code", async function () {
        this.timeout(2 * startingMs);
        const example = fs.readFileSync(path.join(projectFolder, "examples/spark/pi.py"), "utf8");
        const files = {
            // A failure needs no second start of Java.
            "job.py": `import sys, helper\nif helper.code(): sys.exit(helper.code())\n${example}`,
            "helper.py": "def code(): return int(open('code').read())",
        };
        const project = folderWith({ ...files, code: "0" });
        const cluster = await createCluster("spark", { project, job: "job.py", workers });
        const written = /Wrote 1000 rows and read 1000 back from \/shared\/numbers/;
        const output = await assertJobEndsSession(cluster, project, [written]);
        const [, pi] = /Pi is roughly (\d\.\d+)/.exec(output) ?? [];
        assert.ok(Number(pi) > 3.1 && Number(pi) < 3.2, output);
    });
});
