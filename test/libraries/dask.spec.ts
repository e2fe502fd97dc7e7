import assert from "node:assert/strict";
import { docker, everyBackend } from "../e2e/support/backends";
import { eventually } from "../e2e/support/eventually";
import { TestSession, destroySessions } from "../e2e/support/session";
import { folderWith, removeFolders } from "../helpers/folders";
import { assertJobEndsSession, createCluster, describeLibrary, killProgram, python } from "./support";

const workers = (n: number) => ({ n, cpu: 1, memory: 0.5 });

/** How many workers the scheduler knows, without waiting for any. */
const counting = `
import json, urllib.request
print(json.load(urllib.request.urlopen("http://127.0.0.1:8787/json/counts.json"))["workers"])`;

/** Computes until the file says stop; prints how often it did and what failed. */
const computing = `
import os
from distributed import Client
client = Client()
rounds = errors = 0
while not os.path.exists("/tmp/stop"):
    try:
        assert client.submit(sum, range(rounds, rounds + 3), pure=False).result(timeout=60) == 3 * rounds + 3
        rounds += 1
    except Exception as error:
        errors += 1
        print(repr(error))
print(rounds > 10, errors)
`;

for (const backend of everyBackend) {
    describeLibrary(
        "a Dask cluster",
        "dask",
        () => {
            let cluster: TestSession;
            let known: string;
            after(destroySessions);

            before(async function () {
                this.timeout(300_000);
                cluster = await createCluster("dask", { workers: workers(2) }, backend);
                await cluster.up();
                known = await python(cluster, counting);
            });

            async function resize(n: number): Promise<void> {
                cluster.configure({
                    library: "dask",
                    ...(backend === docker ? { publish: [] } : {}),
                    workers: workers(n),
                });
                await cluster.up();
            }

            /** Waits until the scheduler knows so many workers. */
            async function registered(n: number): Promise<void> {
                await python(cluster, `from distributed import Client; Client().wait_for_workers(${n}, timeout=60)`);
            }

            it("has all workers when up ends", () => {
                assert.equal(known, "2");
            });

            it("computes on all workers, which have the limits that are declared", async () => {
                const program = `
from distributed import Client
import dask.array as da
client = Client()
array = da.arange(1, 10, chunks=3).reshape(3, 3)
print(((array + 1) * 2).compute().tolist())
infos = client.scheduler_info(n_workers=-1)["workers"].values()
print(sorted((info["name"], info["nthreads"], info["memory_limit"]) for info in infos))
print(len(set(client.run(os.uname).values())))`;
                assert.equal(
                    await python(cluster, `import os${program}`),
                    [
                        "[[4, 6, 8], [10, 12, 14], [16, 18, 20]]",
                        `[('worker-1', 1, ${0.5 * 2 ** 30}), ('worker-2', 1, ${0.5 * 2 ** 30})]`,
                        "2",
                    ].join("\n"),
                );
            });

            it("computes on without an error while it is resized, and keeps the data of workers that leave", async () => {
                const before = await cluster.ids();
                const client = python(cluster, computing);
                const scatter = `
from distributed import Client
client = Client()
assert len(client.scheduler_info(n_workers=-1)["workers"]) == 4
client.publish_dataset(data=client.scatter([list(range(1000))] * 8, hash=False))`;
                await resize(4);
                await python(cluster, scatter);
                await resize(1);
                await cluster.exec("master", "touch", "/tmp/stop");
                assert.equal(await client, "True 0");
                const gathered = `
from distributed import Client
client = Client()
print(sum(map(len, client.gather(client.get_dataset("data")))))`;
                assert.equal(await python(cluster, gathered), "8000");
                const after = await cluster.ids();
                assert.deepEqual([...after.keys()].sort(), ["master", "worker-1"]);
                assert.ok([...after].every(([name, id]) => before.get(name) === id));
            });

            it("is whole again by itself when its scheduler is killed, with nothing for up to do", async () => {
                const before = await cluster.ids();
                await killProgram(cluster, "dask scheduler");
                await eventually("the worker is back", 60_000, () =>
                    registered(1).then(
                        () => true,
                        () => false,
                    ),
                );
                await cluster.untilReady();
                await cluster.assertAtRest();
                assert.deepEqual(await cluster.ids(), before);
            });
        },
        backend,
    );
}

describeLibrary("a Dask cluster with a group of workers", "dask", () => {
    afterEach(destroySessions);

    /** What the scheduler knows of so many workers: names, threads, memory and resources. */
    const known = (n: number) => `
from distributed import Client
client = Client()
client.wait_for_workers(${n}, timeout=60)
infos = client.scheduler_info(n_workers=-1)["workers"].values()
for info in sorted(infos, key=lambda info: info["name"]):
    print(info["name"], info["nthreads"], info["memory_limit"] / 2**30, info["resources"])`;

    const lines = (...names: string[]) =>
        names.map((name) => (name.startsWith("big") ? `${name} 2 0.75 {'gpu': 1}` : `${name} 1 0.5 {}`)).join("\n");

    /** Where tasks ran that ask for the group's resource; data is on all workers then. */
    const use = `
import os
from distributed import Client
client = Client()
ranOn = client.map(lambda _: os.environ["CDSW_WORKER_GROUP"], range(8), resources={"gpu": 1})
print(set(client.gather(ranOn)))
client.publish_dataset(data=client.scatter([list(range(1000))] * 8, hash=False))`;

    // What is lost would be awaited for ever.
    const gather = `
from distributed import Client
client = Client()
print(sum(len(each.result(timeout=30)) for each in client.get_dataset("data")))`;

    it("has workers of two sizes, and those of the group that leave move their own data to the others first", async () => {
        const config = (n: number) => {
            const env = { DASK_DISTRIBUTED__WORKER__RESOURCES__GPU: "1" };
            const workerGroups = [{ name: "big", n, cpu: 2, memory: 0.75, env }];
            return { library: "dask", publish: [], workers: workers(2), workerGroups };
        };
        const cluster = await createCluster("dask", config(1));
        await cluster.up();
        assert.equal(await python(cluster, known(3)), lines("big-1", "worker-1", "worker-2"));
        const before = await cluster.ids();

        cluster.configure(config(2));
        await cluster.up();
        assert.equal(await python(cluster, known(4)), lines("big-1", "big-2", "worker-1", "worker-2"));
        const grown = await cluster.ids();
        assert.ok([...before].every(([name, id]) => grown.get(name) === id));
        assert.equal(await python(cluster, use), "{'big'}");

        cluster.configure(config(1));
        await cluster.up();
        assert.equal(await python(cluster, gather), "8000");
        assert.equal(await python(cluster, known(3)), lines("big-1", "worker-1", "worker-2"));
        assert.deepEqual(await cluster.ids(), before);
        await cluster.assertAtRest();
    });
});

describeLibrary("a job on a Dask cluster", "dask", () => {
    afterEach(destroySessions);
    after(removeFolders);

    const job = `
import sys
from distributed import Client
import helper
client = Client()
client.wait_for_workers(2)
print("squares", client.gather(client.map(helper.square, range(4))), flush=True)
sys.exit(int(open("code").read()))`;

    it("runs beside the scheduler with the project's modules, and ends the session with its exit code", async () => {
        const project = folderWith({ "job.py": job, "helper.py": "def square(x): return x * x", code: "0" });
        const cluster = await createCluster("dask", { project, job: "job.py", workers: workers(2) });
        await assertJobEndsSession(cluster, project, [/squares \[0, 1, 4, 9\]/]);
    });
});
