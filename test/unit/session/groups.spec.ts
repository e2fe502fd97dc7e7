import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { WorkerGroupSpec } from "../../../components";
import { Deployment, Registered } from "../../helpers/deploy";
import { podEnvironmentIn, podSpecIn } from "../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, deploySession, environmentIn, find } from "../../helpers/session";

const gpu: WorkerGroupSpec = { name: "gpu", n: 2, command: ["train"], cpu: 2, memory: 4, env: { KIND: "gpu" } };
const prep: WorkerGroupSpec = { name: "prep", n: 1, command: ["prepare"], image: "prep:1" };

/** What the children of a session are, without the uid, which is another one in each run on mocks. */
function children({ resources }: Deployment): Map<string, Registered> {
    return new Map(resources.filter(({ name }) => !["s", "s-uid"].includes(name)).map((each) => [each.name, each]));
}

const label = (resource: Registered, name: string) =>
    (resource.inputs.labels as { label: string; value: string }[]).find((each) => each.label === name)?.value;
const addressOf = (resource: Registered) => resource.inputs.networksAdvanced[0].ipv4Address as string;
const lastByte = (resource: Registered) => Number(addressOf(resource).split(".")[3]);

const deployments: [string, (args: PartialArgs) => Promise<Deployment>][] = [
    ["on Docker", (args) => deploySession(args)],
    ["as Pods", (args) => deployOnCluster(args)],
    ["as Jobs", (args) => deployOnCluster({ ...args, workers: { ...args.workers, restart: { attempts: 1 } } })],
    ["as one Job", (args) => deployOnCluster({ ...args, kubernetes: { workers: "IndexedJob" } })],
];

for (const [where, deploy] of deployments) {
    describe(`groups of workers ${where}`, () => {
        it("change nothing of the other engines, when they come, are resized and go", async () => {
            const without = children(await deploy({}));
            assert.deepEqual(children(await deploy({ workerGroups: [] })), without);
            const [one, two] = [
                children(await deploy({ workerGroups: [gpu] })),
                children(await deploy({ workerGroups: [{ ...gpu, n: 3 }, prep] })),
            ];
            for (const [name, resource] of without) {
                assert.deepEqual([one.get(name), two.get(name)], [resource, resource], name);
            }
            if (where !== "as one Job") {
                for (const name of ["s-gpu-1", "s-gpu-2"]) {
                    assert.deepEqual(two.get(name), one.get(name), name);
                }
            }
        });

        it("are in the outputs behind workers, by group and rank", async () => {
            const { outputs } = await deploy({ workers: { n: 1 }, workerGroups: [prep, gpu] });
            assert.deepEqual(
                outputs.workers.map(({ name }: { name: string }) => name),
                ["s-worker-1", "s-prep-1", "s-gpu-1", "s-gpu-2"],
            );
        });
    });
}

describe("a group of workers on Docker", () => {
    it("has engines with its name, its rank, its size and its environment", async () => {
        const engine = find(await deploySession({ workerGroups: [gpu] }), "s-gpu-2");
        const { RANK, CDSW_WORKER_GROUP, CDSW_ENGINE_TYPE, KIND, CDSW_CPU_MILLICORES } = environmentIn(engine);
        assert.deepEqual(
            [RANK, CDSW_WORKER_GROUP, CDSW_ENGINE_TYPE, KIND, CDSW_CPU_MILLICORES],
            ["2", "gpu", "worker", "gpu", "2000"],
        );
        assert.deepEqual(engine.inputs.networksAdvanced[0].aliases, ["gpu-2", "s-gpu-2"]);
        assert.deepEqual(
            ["role", "rank", "group"].map((name) => label(engine, `distributed-session.${name}`)),
            ["worker", "2", "gpu"],
        );
        assert.equal(engine.inputs.command[0], "train");
    });

    it("has addresses in a block of its own from the upper end, the first group in the uppermost", async () => {
        const deployment = await deploySession({ docker: { subnet: "10.77.0.0/24" }, workerGroups: [gpu, prep] });
        const at = (name: string) => lastByte(find(deployment, name));
        // 221 workers have an address, from .3 to .223: 27 in each block.
        assert.deepEqual([at("s-worker-1"), at("s-worker-2")], [3, 4]);
        assert.deepEqual([at("s-gpu-1"), at("s-gpu-2"), at("s-prep-1")], [197, 198, 170]);
    });

    it("has the GPUs behind those of the groups before it", async () => {
        const deployment = await deploySession({
            master: { nvidiaGpu: 1 },
            workers: { n: 2, nvidiaGpu: 1 },
            workerGroups: [prep, { ...gpu, nvidiaGpu: 2 }],
        });
        const devices = (name: string) => find(deployment, name).inputs.deviceRequests?.[0].deviceIds;
        assert.deepEqual(["s-master", "s-worker-2", "s-prep-1", "s-gpu-1", "s-gpu-2"].map(devices), [
            ["0"],
            ["2"],
            undefined,
            ["3", "4"],
            ["5", "6"],
        ]);
    });

    it("has the master's image unless it has one, and restarts of its own", async () => {
        const deployment = await deploySession({
            wait: "completed",
            master: { image: "mine:1" },
            workerGroups: [{ ...gpu, restart: { attempts: 3 } }, prep],
        });
        const [restarted, other] = [find(deployment, "s-gpu-1").inputs, find(deployment, "s-prep-1").inputs];
        assert.deepEqual([restarted.image, restarted.restart, restarted.maxRetryCount], ["mine:1", "on-failure", 3]);
        assert.deepEqual([other.image, other.restart], ["prep:1", "no"]);
    });
});

describe("a group of workers on Kubernetes", () => {
    const secret = { ...gpu, env: { TOKEN: pulumi.secret("abc") } };

    it("has Pods with its name, its rank, its labels and a Secret of its own", async () => {
        const deployment = await deployOnCluster({
            workers: { n: 1, env: { A: pulumi.secret("a") } },
            workerGroups: [secret],
        });
        const engine = find(deployment, "s-gpu-2");
        const { RANK, CDSW_WORKER_GROUP, TOKEN } = podEnvironmentIn(engine);
        assert.deepEqual([RANK, CDSW_WORKER_GROUP], ["2", "gpu"]);
        assert.deepEqual(TOKEN, { secretKeyRef: { name: "s-gpu-env-abc1234", key: "TOKEN" } });
        assert.deepEqual(Object.keys(find(deployment, "s-gpu-env").inputs.stringData.value), ["TOKEN"]);
        assert.deepEqual(Object.keys(find(deployment, "s-worker-env").inputs.stringData.value), ["A"]);
        const { labels } = engine.inputs.metadata;
        assert.deepEqual(
            ["role", "rank", "group"].map((name) => labels[`distributed-session.${name}`]),
            ["worker", "2", "gpu"],
        );
        assert.equal(podSpecIn(engine).hostname, "gpu-2");
    });

    it("is a Job for each engine where it restarts, whatever workers are", async () => {
        const deployment = await deployOnCluster({ workerGroups: [{ ...gpu, restart: { attempts: 2 } }] });
        assert.match(find(deployment, "s-worker-1").type, /Pod$/);
        const job = find(deployment, "s-gpu-1");
        assert.match(job.type, /Job$/);
        assert.equal(job.inputs.spec.backoffLimit, 2);
    });

    it("stays as it is where one before it is removed", async () => {
        for (const workers of ["Pods", "IndexedJob"] as const) {
            const of = async (...workerGroups: WorkerGroupSpec[]) =>
                find(
                    await deployOnCluster({ kubernetes: { workers }, workerGroups }),
                    workers === "Pods" ? "s-gpu-1" : "s-gpu",
                );
            assert.deepEqual(await of(gpu), await of(prep, gpu));
        }
    });

    it("is one Job of its own where workers are one", async () => {
        const deployment = await deployOnCluster({
            kubernetes: { workers: "IndexedJob" },
            workerGroups: [gpu, { ...prep, n: 0 }],
        });
        const job = find(deployment, "s-gpu");
        assert.equal(job.inputs.spec.completions, 2);
        assert.equal(job.inputs.spec.template.metadata.labels["distributed-session.group"], "gpu");
        assert.equal(podEnvironmentIn(job).CDSW_WORKER_GROUP, "gpu");
        assert.equal(find(deployment, "s-workers").inputs.spec.completions, 2);
        assert.ok(!deployment.resources.some(({ name }) => name.startsWith("s-prep")));
    });
});

describe("a value of a group that comes from another resource", () => {
    it("is checked like one of workers, under its own path", async () => {
        const workerGroups = [{ ...gpu, cpu: pulumi.output(-1) }];
        await assert.rejects(deploySession({ workerGroups }), /workerGroups\[0\]\.cpu: -1 is not a number of cores/);
    });
});
