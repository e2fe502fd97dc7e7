import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { ClusterArgs, SparkCluster } from "../../../components";
import { Deployment, deploy } from "../../helpers/deploy";
import { clusterOnMocks } from "../../helpers/kubernetes";
import { environmentIn, find, nameIfNone } from "../../helpers/session";

function deploySpark(args: Partial<ClusterArgs> = {}): Promise<Deployment> {
    const own = args.backend === undefined ? { docker: { subnet: "10.77.0.0/24" } } : {};
    return deploy(
        () => {
            const { address, dashboard } = new SparkCluster("c", { ...own, workers: { n: 1 }, ...args });
            return { address, dashboard };
        },
        args.backend === undefined ? { computed: nameIfNone } : clusterOnMocks({}),
    );
}

describe("a Spark cluster", () => {
    it("has engines of 1.5 GiB, an address and a dashboard", async () => {
        const deployment = await deploySpark();
        for (const name of ["c-master", "c-worker-1"]) {
            assert.equal(find(deployment, name).inputs.memory, 1536);
        }
        assert.deepEqual(deployment.outputs, {
            address: "spark://10.77.0.2:7077",
            dashboard: "http://127.0.0.1:8080/",
        });
    });

    for (const [what, memory] of [
        ["declared", 4],
        ["an output of a resource", pulumi.output(4)],
    ] as const) {
        it(`asks for executors with what the workers offer, where their memory is ${what}`, async () => {
            const deployment = await deploySpark({ workers: { n: 1, memory } });
            assert.equal(environmentIn(find(deployment, "c-master")).SPARK_EXECUTOR_MEMORY, "3456m");
            assert.match(find(deployment, "c-worker-1").inputs.command.join(" "), /CDSW_MEMORY_MB - 640/);
        });
    }

    it("refuses workers that have too little memory for an executor", async () => {
        await assert.rejects(deploySpark({ workers: { n: 1, memory: 1 } }), {
            message: /workers\.memory: 1 is too little for a worker of this library; give at least 1\.5 \(GiB\)/,
        });
    });

    it("has a shared folder of its own on Docker, or the one that is given", async () => {
        const targetsOf = (deployment: Deployment) =>
            find(deployment, "c-worker-1").inputs.mounts.map(({ target }: { target: string }) => target);
        assert.ok(targetsOf(await deploySpark()).includes("/shared"));
        const given = targetsOf(await deploySpark({ shared: { path: "/data", volume: "tables" } }));
        assert.deepEqual([given.includes("/data"), given.includes("/shared")], [true, false]);
    });

    it("has no shared folder on a cluster by default, which may have no volumes for it", async () => {
        const { resources } = await deploySpark({ backend: "kubernetes" });
        assert.ok(!resources.some(({ type }) => type.includes("PersistentVolumeClaim")));
    });
});
