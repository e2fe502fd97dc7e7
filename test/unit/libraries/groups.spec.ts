import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    ClusterArgs,
    DaskCluster,
    RParallelCluster,
    RayCluster,
    SparkCluster,
    TorchJob,
    TorchJobArgs,
    WorkerGroupSpec,
} from "../../../components";
import { Deployment, Registered, deploy } from "../../helpers/deploy";
import { folderWith, removeFolders } from "../../helpers/folders";
import { clusterOnMocks, podEnvironmentIn, podSpecIn } from "../../helpers/kubernetes";
import { environmentIn, find, nameIfNone } from "../../helpers/session";

const libraries = { DaskCluster, RayCluster, SparkCluster, RParallelCluster, TorchJob };
type Library = keyof typeof libraries;

const big: WorkerGroupSpec = { name: "big", n: 2, cpu: 2, memory: 4, env: { KIND: "big", PYTHONPATH: "/mine" } };
const small: WorkerGroupSpec = { name: "small", n: 1 };

/** Deploys a cluster called `c` on mocks, of two workers unless the arguments say otherwise. */
function deployCluster(library: Library, args: Partial<TorchJobArgs> = {}): Promise<Deployment> {
    const onCluster = args.backend === "kubernetes";
    const own = onCluster ? {} : { docker: { subnet: "10.77.0.0/24" } };
    return deploy(
        () => {
            const all = { ...own, workers: { n: 2 }, ...args } as TorchJobArgs;
            const { master, workers, network } = new libraries[library]("c", all);
            return { master, workers, network };
        },
        onCluster ? clusterOnMocks({}) : { computed },
    );
}

/** Names, and one token for every deployment. */
function computed(args: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
    return { ...nameIfNone(args), ...(args.type === "pulumi:index:Stash" ? { output: "kept" } : {}) };
}

/** What is wrong with the arguments of a cluster, line by line. */
async function problemsOf(library: Library, args: object): Promise<string[]> {
    const text = await deployCluster(library, args).then(
        () => "",
        (error: Error) => error.message,
    );
    return text
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
}

/** What an engine runs, and how long it may take to stop. */
const programOf = ({ inputs: { command, destroyGraceSeconds, image } }: Registered) => ({
    command,
    destroyGraceSeconds,
    image,
});

describe("groups of workers in the cluster of a library", function () {
    this.timeout(20_000);
    after(removeFolders);

    for (const library of ["DaskCluster", "RayCluster", "SparkCluster"] as const) {
        it(`run the worker of a ${library}, each with the limits of its own`, async () => {
            const deployment = await deployCluster(library, { workerGroups: [big, small] });
            const worker = find(deployment, "c-worker-1");
            for (const name of ["c-big-1", "c-big-2", "c-small-1"]) {
                assert.deepEqual(programOf(find(deployment, name)), programOf(worker), name);
            }
            const { RANK, CDSW_WORKER_GROUP, CDSW_CPU_MILLICORES, CDSW_MEMORY_MB } = environmentIn(
                find(deployment, "c-big-2"),
            );
            assert.deepEqual(
                [RANK, CDSW_WORKER_GROUP, CDSW_CPU_MILLICORES, CDSW_MEMORY_MB],
                ["2", "big", "2000", "4096"],
            );
            assert.equal(find(deployment, "c-small-1").inputs.memory, worker.inputs.memory);
        });
    }

    it("have their variables on top of those of the library", async () => {
        const deployment = await deployCluster("SparkCluster", { workerGroups: [big] });
        const { KIND, PYTHONPATH, PYSPARK_PYTHON } = environmentIn(find(deployment, "c-big-1"));
        assert.deepEqual([KIND, PYTHONPATH, PYSPARK_PYTHON], ["big", "/mine", "python3"]);
        assert.equal(environmentIn(find(deployment, "c-worker-1")).PYTHONPATH, "/home/cdsw");
    });

    it("take a program, an image and a time to stop of their own", async () => {
        const own = { command: ["work"], image: "mine:1", stopSeconds: 7 };
        const deployment = await deployCluster("DaskCluster", { workerGroups: [{ ...big, ...own }] });
        assert.deepEqual(programOf(find(deployment, "c-big-1")), {
            command: ["work"],
            image: "mine:1",
            destroyGraceSeconds: 7,
        });
    });

    it("run the job's worker where there is a job", async () => {
        const args = { project: folderWith({ "job.py": "run()" }), job: "job.py", workerGroups: [big] };
        const deployment = await deployCluster("DaskCluster", args);
        const { command } = find(deployment, "c-big-1").inputs;
        assert.deepEqual(command, find(deployment, "c-worker-1").inputs.command);
        assert.equal(command.at(-1), "job.py");
    });

    it("change nothing of the other engines, when they come and are resized", async () => {
        for (const library of ["DaskCluster", "RayCluster", "SparkCluster"] as const) {
            const without = await deployCluster(library);
            const one = await deployCluster(library, { workerGroups: [big] });
            const two = await deployCluster(library, { workerGroups: [{ ...big, n: 3 }, small] });
            for (const name of ["c-master", "c-worker-2"]) {
                assert.deepEqual(find(one, name).inputs, find(without, name).inputs, library);
                assert.deepEqual(find(two, name).inputs, find(without, name).inputs, library);
            }
            assert.deepEqual(find(two, "c-big-2").inputs, find(one, "c-big-2").inputs, library);
        }
    });

    it("are in the output behind workers, by group and rank", async () => {
        const { outputs } = await deployCluster("RayCluster", { workers: { n: 1 }, workerGroups: [small, big] });
        assert.deepEqual(
            outputs.workers.map(({ name }: { name: string }) => name),
            ["c-worker-1", "c-small-1", "c-big-1", "c-big-2"],
        );
    });

    it("are Jobs of their own on a cluster where workers are one", async () => {
        const deployment = await deployCluster("DaskCluster", {
            backend: "kubernetes",
            kubernetes: { workers: "IndexedJob" },
            workerGroups: [big],
        });
        const [workers, group] = [find(deployment, "c-workers"), find(deployment, "c-big")];
        assert.deepEqual(podSpecIn(group).containers[0].args, podSpecIn(workers).containers[0].args);
        assert.equal(podEnvironmentIn(group).CDSW_WORKER_GROUP, "big");
    });

    it("are wrong under their own paths, all at once", async () => {
        const workerGroups = [{ name: "worker", n: -1, colour: 1 }, 5, { name: "a", n: 1, env: 7, memory: 0 }];
        const found = await problemsOf("DaskCluster", { workerGroups });
        const expected = ["0].colour", "0].name", "0].n", "1]", "2].env", "2].memory"];
        assert.deepEqual(
            found.map((line) => line.split(": ")[0]),
            expected.map((path) => `workerGroups[${path}`),
        );
        assert.match((await problemsOf("DaskCluster", { workerGroups: { big } }))[0]!, /is not a list of groups/);
    });
});

describe("groups of workers in a Spark cluster", function () {
    this.timeout(20_000);

    const executorsOf = async (args: Partial<ClusterArgs>) =>
        environmentIn(find(await deployCluster("SparkCluster", args), "c-master")).SPARK_EXECUTOR_MEMORY;

    it("get executors that fit into the smallest worker", async () => {
        const workers = { n: 2, memory: 3 };
        const less = { ...small, memory: 2 };
        assert.equal(await executorsOf({ workers, workerGroups: [big] }), "2432m");
        assert.equal(await executorsOf({ workers, workerGroups: [big, less] }), "1408m");
        assert.equal(await executorsOf({ workers, workerGroups: [big, { ...less, n: 0 }] }), "1408m");
        assert.equal(await executorsOf({ workers, workerGroups: [small] }), "896m");
        const later = { ...small, memory: pulumi.output(2) };
        assert.equal(await executorsOf({ workers, workerGroups: [big, later] }), "1408m");
    });

    it("need the memory of an executor", async () => {
        assert.deepEqual(await problemsOf("SparkCluster", { workerGroups: [big, { ...small, memory: 1 }] }), [
            "workerGroups[1].memory: 1 is too little for a worker of this library; give at least 1.5 (GiB)",
        ]);
    });
});

describe("groups of workers in a cluster of R's package parallel", function () {
    this.timeout(20_000);
    after(removeFolders);

    it("are among the workers for which the master waits", async () => {
        const args = { project: folderWith({ "job.r": "print(cl)" }), job: "job.r", workerGroups: [big, small] };
        const master = find(await deployCluster("RParallelCluster", args), "c-master");
        assert.equal(environmentIn(master).CLUSTER_WORKERS, "5");
    });
});

describe("groups of workers in a torch job", function () {
    this.timeout(20_000);
    after(removeFolders);
    const job = () => ({ project: folderWith({ "train.py": "train()" }), job: "train.py" });

    it("have ranks behind those of the workers and of the groups before them", async () => {
        const deployment = await deployCluster("TorchJob", { ...job(), workerGroups: [big, small] });
        const ranks = ["c-master", "c-worker-2", "c-big-1", "c-big-2", "c-small-1"].map((name) => {
            const engine = find(deployment, name);
            const { NODES, WORKERS_BEFORE, RANK } = environmentIn(engine);
            assert.equal(NODES, "6");
            assert.match(engine.inputs.command.join(" "), /--node_rank=\$\(\(RANK \+ WORKERS_BEFORE\)\) /);
            return Number(RANK) + Number(WORKERS_BEFORE);
        });
        assert.deepEqual(ranks, [0, 2, 3, 4, 5]);
    });

    it("count for the limits of one that is elastic", async () => {
        const workerGroups = [big, small];
        assert.deepEqual(await problemsOf("TorchJob", { ...job(), workerGroups, elastic: { min: 1, max: 6 } }), []);
        assert.deepEqual(await problemsOf("TorchJob", { ...job(), workerGroups, elastic: { min: 1, max: 5 } }), [
            "workers.n: 2, 3 of workerGroups and the master are more than elastic.max, 5; give at most 4 workers in all",
        ]);
        assert.deepEqual(await problemsOf("TorchJob", { ...job(), workerGroups, elastic: { min: 7, max: 9 } }), [
            "workers.n: 2, 3 of workerGroups and the master are fewer than elastic.min, 7; give at least 6 workers in all",
        ]);
    });
});
