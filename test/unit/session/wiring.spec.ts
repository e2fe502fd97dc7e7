import assert from "node:assert/strict";
import { unknown } from "../../helpers/deploy";
import { deploySession, environmentIn, find } from "../../helpers/session";

describe("the wiring of a session", () => {
    for (const preview of [false, true]) {
        it(`makes every worker's environment depend on the master${preview ? ", also in a preview" : ""}`, async () => {
            const deployment = await deploySession({}, { preview });
            const master = find(deployment, "s-master");
            for (const name of ["s-worker-1", "s-worker-2"]) {
                assert.ok(find(deployment, name).dependencies.envs!.includes(master.urn));
            }
        });
    }

    it("leaves a worker's environment unknown in a preview, as long as there is no master", async () => {
        const deployment = await deploySession({}, { preview: true });
        const { envs } = find(deployment, "s-worker-1").inputs as { envs: string[] };
        // The master's address by its three names, the master's id, and the worker's own address.
        assert.equal(envs.filter((line) => line === unknown).length, 5);
    });

    it("leaves it known as a list: the provider takes an unknown list for an unchanged one", async () => {
        const deployment = await deploySession({}, { preview: true });
        assert.ok(Array.isArray(find(deployment, "s-worker-1").inputs.envs));
    });

    it("makes no worker depend on another one", async () => {
        const deployment = await deploySession();
        const { urn } = find(deployment, "s-worker-1");
        const needed = Object.values(find(deployment, "s-worker-2").dependencies).flat();
        assert.ok(!needed.includes(urn));
    });

    it("gives workers the address that the master really got", async () => {
        const deployment = await deploySession(
            {},
            {
                computed: ({ name, inputs }) =>
                    name === "s-master"
                        ? { networksAdvanced: [{ ...inputs.networksAdvanced[0], ipv4Address: "10.1.2.3" }] }
                        : {},
            },
        );
        assert.equal(deployment.outputs.masterIp, "10.1.2.3");
        const { CML_MASTER_IP, CDSW_MASTER_IP, MASTER_ADDR } = environmentIn(find(deployment, "s-worker-2"));
        assert.deepEqual([CML_MASTER_IP, CDSW_MASTER_IP, MASTER_ADDR], Array(3).fill("10.1.2.3"));
    });

    it("puts engines into the subnet that the network has had since it was created", async () => {
        const deployment = await deploySession(
            {},
            {
                computed: ({ name }) =>
                    name === "s-network" ? { ipamConfigs: [{ subnet: "10.9.0.0/22", gateway: "10.9.0.1" }] } : {},
            },
        );
        const addresses = ["s-master", "s-worker-1", "s-worker-2"].map(
            (name) => find(deployment, name).inputs.networksAdvanced[0].ipv4Address,
        );
        assert.deepEqual(addresses, ["10.9.0.2", "10.9.0.3", "10.9.0.4"]);
        assert.deepEqual(
            deployment.outputs.workers.map(({ ip }: { ip: string }) => ip),
            ["10.9.0.3", "10.9.0.4"],
        );
    });
});
