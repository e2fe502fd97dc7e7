import assert from "node:assert/strict";
import { ClusterArgs, DaskCluster } from "../../../components";
import { DeployOptions, Deployment, deploy } from "../../helpers/deploy";
import { folderWith, removeFolders } from "../../helpers/folders";
import { clusterOnMocks, containerIn } from "../../helpers/kubernetes";
import { environmentIn, find, nameIfNone } from "../../helpers/session";

const subnet = { docker: { subnet: "10.77.0.0/24" } };

/** Deploys a cluster called `c` of two workers on mocks; its outputs are the cluster's. */
function deployCluster(args: Partial<ClusterArgs> = {}, options: DeployOptions = {}): Promise<Deployment> {
    return deploy(
        () => {
            const { address, publishedAddress, dashboard, master, workers, network } = new DaskCluster("c", {
                ...(args.backend === undefined ? subnet : {}),
                workers: { n: 2 },
                ...args,
            });
            return { address, publishedAddress, dashboard, master, workers, network };
        },
        args.backend === undefined ? { computed: nameIfNone, ...options } : clusterOnMocks(options),
    );
}

/** The text of what is wrong with the arguments of a cluster. */
async function problemsOf(args: unknown): Promise<string> {
    return deployCluster(args as ClusterArgs).then(
        () => "",
        (error: Error) => error.message,
    );
}

describe("the cluster of a library", function () {
    this.timeout(20_000);
    after(removeFolders);
    const project = () => folderWith({ "job.py": "run()", "other.py": "run()" });

    it("is a session below the component, which runs the library's programs", async () => {
        const deployment = await deployCluster();
        const [cluster, session] = [find(deployment, "c", "DaskCluster"), find(deployment, "c", "DistributedSession")];
        assert.equal(session.parent, cluster.urn);
        const [master, worker] = [find(deployment, "c-master"), find(deployment, "c-worker-1")];
        assert.match(master.inputs.command.join(" "), /exec dask scheduler .*--port 8786/);
        assert.match(worker.inputs.command.join(" "), /dask worker "tcp:\/\/\$CML_MASTER_IP:8786"/);
        assert.equal(worker.inputs.image, master.inputs.image);
        assert.equal(worker.inputs.destroyGraceSeconds, 30);
    });

    it("waits until the library knows its workers, unless their program or the scheduler's is the user's", async () => {
        const asks = async (args: Partial<ClusterArgs>, engine = "c-worker-1") => {
            const deployment = await deployCluster({ backend: "kubernetes", ...args });
            return containerIn(find(deployment, engine)).startupProbe?.exec.command[0];
        };
        const command = ["sleep", "9"];
        assert.deepEqual(
            [
                await asks({}),
                await asks({ workerGroups: [{ name: "big", n: 1 }] }, "c-big-1"),
                await asks({ workers: { n: 1, joinCheck: ["true"] } }),
                await asks({ workers: { n: 1, command } }),
                await asks({ master: { command } }),
                await asks({ wait: "none" }),
                await asks({ project: project(), job: "job.py" }),
            ],
            ["python3", "python3", "true", undefined, undefined, undefined, undefined],
        );
    });

    it("says where it is reached, within its network and from the host", async () => {
        const { outputs } = await deployCluster();
        assert.equal(outputs.address, "tcp://10.77.0.2:8786");
        assert.equal(outputs.publishedAddress, "tcp://127.0.0.1:8786");
        assert.equal(outputs.dashboard, "http://127.0.0.1:8787/status");
        assert.equal(outputs.workers.length, 2);
    });

    it("mounts further volumes as any session does", async () => {
        const deployment = await deployCluster({ volumes: [{ path: "/data", volume: "genomes" }] });
        for (const name of ["c-master", "c-worker-2"]) {
            assert.deepEqual(find(deployment, name).inputs.mounts, [
                { type: "volume", source: "genomes", target: "/data", readOnly: true },
            ]);
        }
    });

    for (const [what, args] of [
        ["nothing is published", { publish: [] }],
        ["the network is closed", { egress: "closed" }],
    ] as const) {
        it(`is reached within its network alone where ${what}`, async () => {
            const { outputs } = await deployCluster(args as Partial<ClusterArgs>);
            assert.equal(outputs.publishedAddress, undefined);
            assert.equal(outputs.dashboard, "http://10.77.0.2:8787/status");
        });
    }

    it("is reached by a Service on a cluster", async () => {
        const deployment = await deployCluster({ backend: "kubernetes" });
        assert.match(deployment.outputs.publishedAddress, /^tcp:\/\/c-.*\.svc.*:8786$/);
    });

    it("runs a job on the master beside the scheduler, publishes nothing, and hands the job's path over as it is", async () => {
        const deployment = await deployCluster({ project: project(), job: "job.py" });
        const { command, ports } = find(deployment, "c-master").inputs;
        assert.equal(command.at(-1), "job.py");
        assert.match(command.join(" "), /dask scheduler .* &\n/);
        assert.equal(find(deployment, "c-worker-1").inputs.destroyGraceSeconds, 5);
        assert.deepEqual(ports ?? [], []);
    });

    it("takes the user's program, image and size before the library's, and adds the user's variables", async () => {
        const deployment = await deployCluster({
            master: { image: "mine:1", memory: 3, env: { TOKEN: "abc", PYTHONPATH: "/lib" } },
            workers: { n: 1, command: ["work"], memory: 2 },
        });
        const [master, worker] = [find(deployment, "c-master"), find(deployment, "c-worker-1")];
        assert.deepEqual([master.inputs.image, worker.inputs.image], ["mine:1", "mine:1"]);
        assert.deepEqual([master.inputs.memory, worker.inputs.memory], [3072, 2048]);
        assert.deepEqual(worker.inputs.command, ["work"]);
        const { TOKEN, PYTHONPATH, DASK_SCHEDULER_ADDRESS } = environmentIn(master);
        assert.deepEqual([TOKEN, PYTHONPATH, DASK_SCHEDULER_ADDRESS], ["abc", "/lib", "tcp://127.0.0.1:8786"]);
    });

    it("has nothing in an engine that depends on the number of workers", async () => {
        const [two, three] = [await deployCluster(), await deployCluster({ workers: { n: 3 } })];
        for (const name of ["c-master", "c-worker-1"]) {
            assert.deepEqual(find(two, name).inputs, find(three, name).inputs);
        }
    });

    it("names all problems at once, under its own name", async () => {
        const text = await problemsOf({
            wrokers: {},
            job: "nowhere.py",
            project: project(),
            workers: { n: -1, cpu: 0 },
        });
        assert.match(text, /DaskCluster "c" has 4 problems:/);
        for (const path of [
            "wrokers: unknown property",
            'job: "nowhere.py" is not a file',
            "workers.n: -1",
            "workers.cpu: 0",
        ]) {
            assert.ok(text.includes(path), text);
        }
    });

    it("refuses a job beside a program of the master, and one without a project", async () => {
        const both = { job: "job.py", project: project(), master: { script: "other.py" } };
        assert.match(await problemsOf(both), /job: "job.py" is given beside a program of master; give one of them/);
        assert.match(await problemsOf({ job: "job.py" }), /job: "job.py" needs a project folder: give project/);
    });

    for (const args of [
        null,
        [],
        5,
        { workers: "many" },
        { workers: { n: 1, env: 7 } },
        { master: [], workers: { n: 1 } },
    ]) {
        it(`says what is wrong with ${JSON.stringify(args)}`, async () => {
            const text = await deploy(() => void new DaskCluster("c", args as unknown as ClusterArgs)).then(
                () => "",
                (error: Error) => error.message,
            );
            assert.match(text, /^DaskCluster "c" has \d problems?:\n/);
        });
    }
});
