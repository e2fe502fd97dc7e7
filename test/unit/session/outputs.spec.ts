import assert from "node:assert/strict";
import { deploySession, find } from "../../helpers/session";

const docker = { subnet: "10.77.0.0/24" };

describe("the outputs of a session", () => {
    it("have each engine's name, id and address, and on mocks that it is declared only", async () => {
        const { outputs } = await deploySession({ docker });
        const engine = (name: string, ip: string) => ({ name, id: `${name}-0123456789`, ip, status: "declared" });
        assert.deepEqual(outputs.master, engine("s-master", "10.77.0.2"));
        assert.deepEqual(outputs.workers, [engine("s-worker-1", "10.77.0.3"), engine("s-worker-2", "10.77.0.4")]);
    });

    it("have the master's address and the network's name", async () => {
        const { outputs } = await deploySession({ docker });
        assert.equal(outputs.masterIp, "10.77.0.2");
        assert.equal(outputs.network, "s-network-abc1234");
    });

    it("say where each port of the master is reached, from engines and from the host", async () => {
        const publish = [
            { port: 7000, hostPort: 80 },
            { port: 8000, hostIp: "0.0.0.0" },
        ];
        const { outputs } = await deploySession({
            docker,
            publish,
            master: { ports: [6000, 7000, 8000] },
        });
        assert.deepEqual(outputs.endpoints, [
            { port: 6000, address: "10.77.0.2:6000" },
            { port: 7000, address: "10.77.0.2:7000", published: "127.0.0.1:80" },
            { port: 8000, address: "10.77.0.2:8000", published: "0.0.0.0:8000" },
        ]);
    });

    it("list a published port that the workers do not wait for after those that they wait for", async () => {
        const { outputs } = await deploySession({ docker, publish: [{ port: 4040 }], master: { ports: [6000] } });
        assert.deepEqual(outputs.endpoints, [
            { port: 6000, address: "10.77.0.2:6000" },
            { port: 4040, address: "10.77.0.2:4040", published: "127.0.0.1:4040" },
        ]);
    });

    it("show a port that is published at an IPv6 address in brackets", async () => {
        const { outputs } = await deploySession({
            docker,
            publish: [{ port: 8000, hostIp: "::1" }],
            master: { ports: [8000] },
        });
        assert.equal(outputs.endpoints[0].published, "[::1]:8000");
    });

    it("have an entry for each place where a port is published", async () => {
        const publish = [
            { port: 8000, hostPort: 80 },
            { port: 8000, hostPort: 81 },
        ];
        const { outputs } = await deploySession({ docker, publish, master: { ports: [8000] } });
        assert.deepEqual(outputs.endpoints, [
            { port: 8000, address: "10.77.0.2:8000", published: "127.0.0.1:80" },
            { port: 8000, address: "10.77.0.2:8000", published: "127.0.0.1:81" },
        ]);
    });

    it("list no port of a master without any", async () => {
        assert.deepEqual((await deploySession({ master: { ports: undefined } })).outputs.endpoints, []);
    });

    it("are registered as the component's own", async () => {
        const deployment = await deploySession({ docker });
        const { endpoints, master, masterIp, network, workers } = deployment.outputs;
        assert.deepEqual(deployment.registeredOutputs.get(find(deployment, "s").urn), {
            endpoints,
            master,
            masterIp,
            network,
            workers,
        });
    });
});
