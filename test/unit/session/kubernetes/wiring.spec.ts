import assert from "node:assert/strict";
import { unknown } from "../../../helpers/deploy";
import { podEnvironmentIn, podSpecIn } from "../../../helpers/kubernetes";
import { deployOnCluster, find } from "../../../helpers/session";

const masterNames = ["CML_MASTER_IP", "CDSW_MASTER_IP", "MASTER_ADDR"];

for (const [workers, names] of [
    ["Pods", ["s-worker-1", "s-worker-2"]],
    ["IndexedJob", ["s-workers"]],
] as const) {
    describe(`the wiring of a session on Kubernetes, with workers as ${workers}`, () => {
        const kubernetes = { workers };

        it("gives every worker the address that the master's Pod has", async () => {
            const deployment = await deployOnCluster({ kubernetes });
            for (const name of names) {
                const environment = podEnvironmentIn(find(deployment, name));
                assert.deepEqual(
                    masterNames.map((each) => environment[each]),
                    Array(3).fill("10.244.0.2"),
                );
            }
        });

        it("gives it what it really got, whatever that is", async () => {
            const deployment = await deployOnCluster(
                { kubernetes },
                { computed: ({ name }) => (name === "s-master" ? { status: { podIP: "10.9.8.7" } } : {}) },
            );
            assert.equal(deployment.outputs.masterIp, "10.9.8.7");
            for (const name of names) {
                assert.equal(podEnvironmentIn(find(deployment, name)).CDSW_MASTER_IP, "10.9.8.7");
            }
        });

        for (const preview of [false, true]) {
            it(`makes every worker depend on the master${preview ? ", also in a preview" : ""}`, async () => {
                const deployment = await deployOnCluster({ kubernetes }, { preview });
                const master = find(deployment, "s-master");
                for (const name of names) {
                    assert.ok(find(deployment, name).dependencies.spec!.includes(master.urn));
                }
            });
        }

        it("leaves the master's address unknown in a preview, and nothing else that does not come from it", async () => {
            const deployment = await deployOnCluster({ kubernetes }, { preview: true });
            for (const name of names) {
                const environment = podEnvironmentIn(find(deployment, name));
                const unknownOnes = Object.keys(environment).filter((each) => environment[each] === unknown);
                assert.deepEqual(unknownOnes.sort(), ["CDSW_MASTER_ID", ...masterNames].sort());
                assert.equal(podSpecIn(find(deployment, name)).hostAliases[0].ip, unknown);
            }
        });

        it("names its master to every worker, so that a new one replaces it also at the same address", async () => {
            const deployment = await deployOnCluster({ kubernetes });
            for (const name of names) {
                assert.equal(podEnvironmentIn(find(deployment, name)).CDSW_MASTER_ID, "s-master-abc1234");
            }
            assert.equal(podEnvironmentIn(find(deployment, "s-master")).CDSW_MASTER_ID, undefined);
        });

        it("lets every worker call the master by name, also where the cluster has no DNS", async () => {
            const deployment = await deployOnCluster({ kubernetes });
            for (const name of names) {
                assert.deepEqual(podSpecIn(find(deployment, name)).hostAliases, [
                    { ip: "10.244.0.2", hostnames: ["master", "s-master"] },
                ]);
            }
            assert.equal(podSpecIn(find(deployment, "s-master")).hostAliases, undefined);
        });

        it("makes engines wait for the policy and the files, which they do not name", async () => {
            const deployment = await deployOnCluster({ project: "examples/hello-python", kubernetes });
            for (const name of ["s-master", ...names]) {
                const { waitsFor } = find(deployment, name);
                for (const needed of ["s-policy", "s-files"]) {
                    assert.ok(waitsFor.includes(find(deployment, needed).urn), `${name} waits for ${needed}`);
                }
                assert.ok(!find(deployment, name).dependencies.spec!.includes(find(deployment, "s-files").urn));
            }
        });
    });
}

describe("the wiring of a session on Kubernetes", () => {
    it("lets the master take its address from its Pod", async () => {
        const environment = podEnvironmentIn(find(await deployOnCluster(), "s-master"));
        assert.deepEqual(environment.CDSW_IP_ADDRESS, { fieldRef: { fieldPath: "status.podIP" } });
        for (const name of masterNames) {
            assert.equal(environment[name], "$(CDSW_IP_ADDRESS)");
        }
    });

    it("gives each engine its rank", async () => {
        const deployment = await deployOnCluster();
        const ranks = ["s-master", "s-worker-1", "s-worker-2"].map(
            (name) => podEnvironmentIn(find(deployment, name)).RANK,
        );
        assert.deepEqual(ranks, ["0", "1", "2"]);
    });

    it("makes no worker depend on another one", async () => {
        const deployment = await deployOnCluster();
        const { urn } = find(deployment, "s-worker-1");
        assert.ok(!find(deployment, "s-worker-2").waitsFor.includes(urn));
    });
});
