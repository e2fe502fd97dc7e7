import assert from "node:assert/strict";
import { RParallelCluster, RParallelClusterArgs, TorchJob, TorchJobArgs } from "../../../components";
import { Deployment, deploy } from "../../helpers/deploy";
import { folderWith, removeFolders } from "../../helpers/folders";
import { environmentIn, find, nameIfNone } from "../../helpers/session";

const workers = { n: 2 };

function deployTorch(args: Partial<TorchJobArgs>): Promise<Deployment> {
    const project = folderWith({ "train.py": "train()" });
    const all = { project, job: "train.py", workers, ...args };
    return deploy(
        () => {
            const { master, workers: ended, network } = new TorchJob("t", all);
            return { master, workers: ended, network };
        },
        { computed: nameIfNone },
    );
}

describe("a torch job", function () {
    this.timeout(20_000);
    after(removeFolders);

    it("runs torchrun on every engine, with its rank and the number of engines", async () => {
        const deployment = await deployTorch({});
        for (const name of ["t-master", "t-worker-1", "t-worker-2"]) {
            const engine = find(deployment, name);
            assert.match(
                engine.inputs.command.join(" "),
                /exec torchrun --nnodes=\$NODES --node_rank=\$\(\(RANK \+ WORKERS_BEFORE\)\) .* train\.py$/s,
            );
            assert.equal(environmentIn(engine).NODES, "3");
        }
        assert.equal(deployment.outputs.workers.length, 2);
    });

    it("that is elastic has nothing in an engine that depends on the number of workers", async () => {
        const elastic = { min: 1, max: 8 };
        const project = folderWith({ "train.py": "train()" });
        const docker = { subnet: "10.77.0.0/24" };
        const [two, three] = [
            await deployTorch({ project, docker, elastic }),
            await deployTorch({ project, docker, elastic, workers: { n: 3 } }),
        ];
        for (const name of ["t-master", "t-worker-1"]) {
            assert.deepEqual(find(two, name).inputs, find(three, name).inputs);
        }
        assert.match(find(two, "t-master").inputs.command.join(" "), /--nnodes=1:8 /);
    });

    for (const [elastic, problem] of [
        [{ min: 3, max: 2 }, "elastic.max: 2 is less than min, 3; give at least min"],
        [{ min: 0, max: 2 }, "elastic.min: 0 is not a whole number of engines from 1 to 10000"],
        [{ max: 2 }, "elastic.min: undefined is not a whole number of engines from 1 to 10000"],
        [{ min: 4, max: 8 }, "workers.n: 2 and the master are fewer than elastic.min, 4; give at least 3"],
        [{ min: 1, max: 2 }, "workers.n: 2 and the master are more than elastic.max, 2; give at most 1"],
        ["many", 'elastic: "many" is not an object'],
    ] as const) {
        it(`refuses ${JSON.stringify(elastic)}`, async () => {
            const refused = deployTorch({ elastic: elastic as unknown as TorchJobArgs["elastic"] });
            await assert.rejects(refused, { message: `TorchJob "t" has 1 problem:\n  ${problem}` });
        });
    }
});

describe("a cluster of R's package parallel", function () {
    this.timeout(20_000);
    after(removeFolders);

    const deployR = (args: Partial<RParallelClusterArgs>) => {
        const project = folderWith({ "job.r": "print(cl)" });
        return deploy(() => void new RParallelCluster("r", { project, job: "job.r", workers, ...args }), {
            computed: nameIfNone,
        });
    };

    it("runs the job on the master, which knows the number of workers", async () => {
        const master = find(await deployR({}), "r-master");
        assert.deepEqual([master.inputs.command[0], master.inputs.command.at(-1)], ["Rscript", "job.r"]);
        assert.equal(environmentIn(master).CLUSTER_WORKERS, "2");
    });

    it("has no size in a worker that depends on the number of workers", async () => {
        const docker = { subnet: "10.77.0.0/24" };
        const project = folderWith({ "job.r": "print(cl)" });
        const [two, three] = [
            await deployR({ docker, project }),
            await deployR({ docker, project, workers: { n: 3 } }),
        ];
        assert.deepEqual(find(two, "r-worker-1").inputs, find(three, "r-worker-1").inputs);
    });

    it("needs a job", async () => {
        await assert.rejects(deployR({ job: undefined }), {
            message:
                'RParallelCluster "r" has 1 problem:\n  job: is missing; give the path of a file in the project folder',
        });
    });
});
