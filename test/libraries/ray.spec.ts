import assert from "node:assert/strict";
import { eventually } from "../e2e/support/eventually";
import { TestSession, destroySessions } from "../e2e/support/session";
import { folderWith, removeFolders } from "../helpers/folders";
import { assertJobEndsSession, createCluster, describeLibrary, killProgram, python } from "./support";

const workers = { n: 2, cpu: 1 };
/** Ray's own time to start, and to notice that its head is gone: a minute on a machine that is not busy. */
const wholeMs = 240_000;
/** A client of a head that is about to be killed waits for ever. */
const attemptSeconds = 60;

/** Squares on all three nodes, once they are there: their values, the CPUs, the nodes that took part, and the memory of tasks in MiB. */
const squares = `
import logging, os, signal, socket, time
signal.alarm(${attemptSeconds})
import ray
ray.init("auto", log_to_driver=False, logging_level=logging.ERROR)
while ray.cluster_resources()["CPU"] != 3:
    time.sleep(0.5)
@ray.remote(scheduling_strategy="SPREAD")
def square(number):
    time.sleep(0.2)
    return number * number, socket.gethostname()
results = ray.get([square.remote(number) for number in range(12)])
print([value for value, _ in results[:4]], ray.cluster_resources()["CPU"], len({host for _, host in results}))
print(sorted(int(node["Resources"]["memory"]) // 2**20 for node in ray.nodes() if node["Alive"]))`;
const squared = "[0, 1, 4, 9] 3.0 3\n[512, 512, 1024]";

/** How many workers the head knows, without waiting for any. */
const counting = `
import logging, os
import ray
ray.init("auto", log_to_driver=False, logging_level=logging.ERROR)
own = os.environ["CDSW_IP_ADDRESS"]
print(len([node for node in ray.nodes() if node["Alive"] and node["NodeManagerAddress"] != own]))`;

/** Whether a client is taken that has its token from here: Ray reads the variables when it is imported. */
const asking = (token: string | undefined) => `
import logging, os
${token === undefined ? 'os.environ.update(RAY_AUTH_MODE="disabled"); del os.environ["RAY_AUTH_TOKEN"]' : `os.environ["RAY_AUTH_TOKEN"] = "${token}"`}
import ray
try:
    ray.init(f"ray://{os.environ['CML_MASTER_IP']}:10001", logging_level=logging.CRITICAL)
    print("taken", ray.cluster_resources()["CPU"])
except Exception as error:
    print("refused", error)`;

describeLibrary("a Ray cluster", "ray", () => {
    let cluster: TestSession;
    let known: string;
    after(destroySessions);

    before(async function () {
        this.timeout(10 * 60_000);
        const publish = [
            { port: 10001, hostPort: 20001 },
            { port: 8265, hostPort: 18265 },
        ];
        cluster = await createCluster("ray", { publish, workers });
        await cluster.up();
        known = await python(cluster, counting);
    });

    /** Waits until all nodes are there, and take part. */
    async function whole(): Promise<void> {
        await eventually("the cluster", wholeMs, () =>
            python(cluster, squares).then(
                () => true,
                () => false,
            ),
        );
    }

    it("has all workers when up ends", () => {
        assert.equal(known, "2");
    });

    it("computes on all nodes, which have the limits that are declared", async () => {
        assert.equal(await python(cluster, squares), squared);
    });

    it("takes clients that have its token, and refuses others, at the dashboard too", async () => {
        const { address, dashboard, token } = await cluster.stack.outputs();
        assert.deepEqual([address, dashboard], ["ray://127.0.0.1:20001", "http://127.0.0.1:18265"]);
        const wrong = "f".repeat(64);
        // On a busy machine, Ray's own 30 s may be too short to start a server for the first client.
        const isTaken = async () => (await python(cluster, asking(token))) === "taken 3.0";
        await eventually("a client that is taken", wholeMs, isTaken);
        assert.match(await python(cluster, asking(wrong)), /^refused ray client connection timeout$/);
        assert.match(await python(cluster, asking(undefined)), /^refused ray client connection timeout$/);
        const page = async (headers: Record<string, string>) =>
            (await fetch(`${dashboard}/api/cluster_status`, { headers })).status;
        assert.deepEqual(
            [
                await page({ authorization: `Bearer ${token}` }),
                await page({ authorization: `Bearer ${wrong}` }),
                await page({}),
            ],
            [200, 403, 401],
        );
    });

    it("is whole again by itself when its head is killed, with nothing for up to do", async () => {
        const before = await cluster.ids();
        await killProgram(cluster, "gcs_server");
        await whole();
        assert.equal(await python(cluster, squares), squared);
        await cluster.assertAtRest();
        assert.deepEqual(await cluster.ids(), before);
    });
});

describeLibrary("a job on a Ray cluster", "ray", () => {
    afterEach(destroySessions);
    after(removeFolders);

    const job = `
import sys, time
import ray
import helper
code = int(open("code").read())
if code:
    sys.exit(code)
ray.init(log_to_driver=False)
while len(ray.nodes()) < 3:
    time.sleep(0.2)
print("squares", ray.get([ray.remote(helper.square).remote(x) for x in range(4)]), flush=True)`;

    it("runs beside the head with the project's modules, and ends the session with its exit code", async function () {
        this.timeout(10 * 60_000);
        const project = folderWith({ "job.py": job, "helper.py": "def square(x): return x * x", code: "0" });
        const cluster = await createCluster("ray", { project, job: "job.py", workers });
        await assertJobEndsSession(cluster, project, [/squares \[0, 1, 4, 9\]/]);
    });
});
