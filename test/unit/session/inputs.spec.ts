import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { DistributedSession } from "../../../components";
import { libraryImages } from "../../../components/libraries/images";
import { deploy } from "../../helpers/deploy";
import { folderWith, removeFolders } from "../../helpers/folders";
import { PartialArgs, deploySession, find, sessionArgs } from "../../helpers/session";

const sized = { cpu: 0.5, memory: 0.25 };
const subnet = "10.77.0.0/24";

function label(name: string, value: string) {
    return { label: `distributed-session.${name}`, value };
}

function labelsOfEngine(role: string, rank: string) {
    return [
        label("session", "project/stack/s"),
        label("role", role),
        label("rank", rank),
        label("generation", "0.folders"),
    ];
}

/** What the containers of this file have in common. */
const container = {
    image: "distributed-session/engine:0.2.0",
    workingDir: "/home/cdsw",
    uploads: [],
    cpuPeriod: 100_000,
    cpuQuota: 50_000,
    memory: 256,
    memorySwap: 256,
    shmSize: 256,
    start: false,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    init: true,
    mustRun: false,
    restart: "no",
    destroyGraceSeconds: 5,
    logOpts: { "max-size": "20m", "max-file": "5" },
};

function environment(own: string[]): string[] {
    return [
        "CDSW_APP_PORT=8090",
        "CDSW_CPU_MILLICORES=500",
        "CDSW_MASTER_IP=10.77.0.2",
        "CDSW_MEMORY_MB=256",
        "CDSW_READONLY_PORT=8100",
        "CML_MASTER_IP=10.77.0.2",
        "MASTER_ADDR=10.77.0.2",
        "MASTER_PORT=6000",
        "MKL_NUM_THREADS=1",
        "NUMEXPR_NUM_THREADS=1",
        "OMP_NUM_THREADS=1",
        "OPENBLAS_NUM_THREADS=1",
        "PYTHONUNBUFFERED=1",
        "RAYON_NUM_THREADS=1",
        "VECLIB_MAXIMUM_THREADS=1",
        ...own,
    ].sort();
}

describe("what the provider is asked for", () => {
    it("is a bridge of the session's own", async () => {
        const network = find(await deploySession({ docker: { subnet } }), "s-network");
        assert.deepEqual(network.inputs, {
            driver: "bridge",
            internal: false,
            labels: [label("session", "project/stack/s"), label("generation", "0")],
            ipamConfigs: [{ subnet, gateway: "10.77.0.1", ipRange: "10.77.0.224/27" }],
        });
    });

    it("is a master with its limits, its address and little power", async () => {
        const master = find(await deploySession({ docker: { subnet }, master: sized }), "s-master");
        assert.deepEqual(master.inputs, {
            ...container,
            command: ["serve"],
            envs: environment(["CDSW_ENGINE_TYPE=master", "CDSW_IP_ADDRESS=10.77.0.2", "RANK=0"]),
            labels: labelsOfEngine("master", "0"),
            networksAdvanced: [
                { name: "s-network-0123456789", ipv4Address: "10.77.0.2", aliases: ["master", "s-master"] },
            ],
        });
    });

    it("is a worker that knows its rank, the master's address and the master's id", async () => {
        const worker = find(await deploySession({ docker: { subnet }, workers: sized }), "s-worker-2");
        assert.deepEqual(worker.inputs, {
            ...container,
            command: ["work"],
            envs: environment([
                "CDSW_ENGINE_TYPE=worker",
                "CDSW_IP_ADDRESS=10.77.0.4",
                "CDSW_MASTER_ID=s-master-012",
                "RANK=2",
            ]),
            labels: labelsOfEngine("worker", "2"),
            networksAdvanced: [
                { name: "s-network-0123456789", ipv4Address: "10.77.0.4", aliases: ["worker-2", "s-worker-2"] },
            ],
        });
    });

    it("is the command of the kernel for code and scripts", async () => {
        const deployment = await deploySession({
            master: { command: undefined, code: "cat(1)", kernel: "r" },
            workers: { n: 1, command: undefined, code: "print(1)" },
        });
        assert.deepEqual(find(deployment, "s-master").inputs.command, ["Rscript", "-e", "cat(1)"]);
        assert.deepEqual(find(deployment, "s-worker-1").inputs.command, ["python3", "-u", "-c", "print(1)"]);
    });

    for (const wait of ["running", "completed", "none"] as const) {
        it(`is an engine that nobody starts again while "up" watches it, with wait "${wait}"`, async () => {
            const deployment = await deploySession({ wait });
            for (const name of ["s-master", "s-worker-1"]) {
                const { restart, maxRetryCount } = find(deployment, name).inputs;
                assert.deepEqual([restart, maxRetryCount], ["no", undefined]);
            }
        });

        it(`is a worker that Docker starts again as often as was asked for, with wait "${wait}", and no such master`, async () => {
            const deployment = await deploySession({ wait, workers: { restart: { attempts: 3 } } });
            const policies = ["s-master", "s-worker-1", "s-worker-2"].map((name) => {
                const { restart, maxRetryCount } = find(deployment, name).inputs;
                return [restart, maxRetryCount];
            });
            assert.deepEqual(policies, [
                ["no", undefined],
                ["on-failure", 3],
                ["on-failure", 3],
            ]);
        });
    }

    it("is a worker that says so where it is to run whatever its exit code, and no such master", async () => {
        const deployment = await deploySession({ workers: { restart: { always: true } } });
        const said = ["s-master", "s-worker-1"].map((name) => {
            const { restart, labels } = find(deployment, name).inputs;
            const isMeant = ({ label }: { label: string }) => label === "distributed-session.restarts-always";
            return [restart, labels.find(isMeant)?.value];
        });
        assert.deepEqual(said, [
            ["no", undefined],
            ["no", "true"],
        ]);
    });

    it("is a worker that nobody starts again where no attempt is asked for", async () => {
        const deployment = await deploySession({ workers: { restart: { attempts: 0 } } });
        const { restart, maxRetryCount } = find(deployment, "s-worker-1").inputs;
        assert.deepEqual([restart, maxRetryCount], ["no", undefined]);
    });
});

describe("the published ports", () => {
    it("are bound to the loopback and to their own number, unless set otherwise", async () => {
        const publish = [{ port: 6000 }, { port: 7000, hostPort: 80, hostIp: "0.0.0.0" }];
        const deployment = await deploySession({ publish, master: { ports: [6000] } });
        assert.deepEqual(find(deployment, "s-master").inputs.ports, [
            { internal: 6000, external: 6000, ip: "127.0.0.1" },
            { internal: 7000, external: 80, ip: "0.0.0.0" },
        ]);
        assert.equal(find(deployment, "s-worker-1").inputs.ports, undefined);
    });
});

describe("the time that an engine has to stop", () => {
    it("is each role's own", async () => {
        const deployment = await deploySession({ master: { stopSeconds: 60 }, workers: { n: 1 } });
        const seconds = ["s-master", "s-worker-1"].map((name) => find(deployment, name).inputs.destroyGraceSeconds);
        assert.deepEqual(seconds, [60, 5]);
    });
});

describe("the folder in which an engine's program starts", () => {
    after(removeFolders);

    it("is each role's own", async () => {
        const deployment = await deploySession({ workers: { n: 1, workingDir: "/home/ray" } });
        const folders = ["s-master", "s-worker-1"].map((name) => find(deployment, name).inputs.workingDir);
        assert.deepEqual(folders, ["/home/cdsw", "/home/ray"]);
    });

    const others = { master: { image: "others/image:1" } };
    const later = { master: { image: pulumi.output("others/image:1") } };
    const cases: [what: string, args: PartialArgs, folder: string | undefined][] = [
        ["the home in an image of this project", { master: { image: libraryImages.dask } }, "/home/cdsw"],
        ["the image's own in one of others", others, undefined],
        ["the image's own in one from another resource", later, undefined],
        ["the home where the root is read-only", { ...others, readOnlyRoot: true }, "/home/cdsw"],
        ["the home where workers are a pool", { ...others, workers: { command: undefined } }, "/home/cdsw"],
    ];
    for (const [what, args, folder] of cases) {
        it(`is by default ${what}`, async () => {
            const { inputs } = find(await deploySession(args), "s-worker-1");
            assert.equal(inputs.workingDir, folder);
            const marks = inputs.labels.filter((each: any) => each.label === "distributed-session.working-dir");
            assert.equal(marks.length, folder === undefined ? 1 : 0);
        });
    }

    it("is by default the home where there is a project", async () => {
        const args = { ...others, project: folderWith({ "in.csv": "1" }) };
        assert.equal(find(await deploySession(args), "s-master").inputs.workingDir, "/home/cdsw");
    });
});

describe("the GPUs of a session", () => {
    it("are dealt out by rank, so that no two engines share one", async () => {
        const deployment = await deploySession({ master: { nvidiaGpu: 1 }, workers: { n: 3, nvidiaGpu: 2 } });
        const requests = ["s-master", "s-worker-1", "s-worker-2", "s-worker-3"].map(
            (name) => find(deployment, name).inputs.deviceRequests,
        );
        const request = (...deviceIds: string[]) => [{ driver: "nvidia", deviceIds, capabilities: ["gpu"] }];
        assert.deepEqual(requests, [request("0"), request("1", "2"), request("3", "4"), request("5", "6")]);
    });

    it("are not asked for by an engine without any", async () => {
        const deployment = await deploySession({ workers: { n: 1, nvidiaGpu: 1 } });
        assert.equal(find(deployment, "s-master").inputs.deviceRequests, undefined);
        assert.deepEqual(find(deployment, "s-worker-1").inputs.deviceRequests[0].deviceIds, ["0"]);
    });
});

describe("arguments that are wrong", () => {
    it("are no inputs of the session: the SDK fails on text that UTF-8 cannot hold", async () => {
        const { resources } = await deploy(() => {
            const args = sessionArgs({ master: { command: ["true"], env: { A: "\ud800" } } });
            assert.throws(() => new DistributedSession("s", args), /half a surrogate pair/);
        });
        assert.deepEqual(
            resources.map(({ name, inputs }) => [name, inputs]),
            [["s", {}]],
        );
    });
});
