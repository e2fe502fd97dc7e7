import assert from "node:assert/strict";
import { TestSession, ask, destroySessions, serve } from "./support/session";

describe("the wiring of a session", function () {
    this.timeout(120_000);
    let session: TestSession;

    before(async () => {
        session = await TestSession.create({ master: serve, workers: { ...ask, n: 2 }, wait: "completed" });
        await session.up();
    });
    after(destroySessions);

    it("gives every worker the master's private address in CML_MASTER_IP and CDSW_MASTER_IP", async () => {
        const engines = await session.engines();
        const { masterIp, network } = await session.stack.outputs();
        assert.equal(engines.get("master")!.NetworkSettings.Networks[network]!.IPAddress, masterIp);
        for (const name of ["worker-1", "worker-2"]) {
            const environment = engines.get(name)!.Config.Env;
            assert.ok(environment.includes(`CML_MASTER_IP=${masterIp}`), environment.join("\n"));
            assert.ok(environment.includes(`CDSW_MASTER_IP=${masterIp}`), environment.join("\n"));
        }
    });

    it("lets the engine know that a worker's environment comes from the master", async () => {
        const resources = await session.stack.resources();
        const find = (name: string) => resources.find(({ urn }) => urn.endsWith(`::session-${name}`));
        for (const name of ["worker-1", "worker-2"]) {
            assert.ok(find(name).propertyDependencies.envs.includes(find("master").urn));
        }
    });

    it("tells each engine its rank and its own address, and the workers the master's id", async () => {
        const engines = await session.engines();
        const masterId = engines.get("master")!.Id;
        for (const [name, info] of engines) {
            const rank = name === "master" ? 0 : Number(name.slice("worker-".length));
            assert.ok(info.Config.Env.includes(`RANK=${rank}`));
            const own = Object.values(info.NetworkSettings.Networks)[0]!.IPAMConfig as { IPv4Address: string };
            assert.ok(info.Config.Env.includes(`CDSW_IP_ADDRESS=${own.IPv4Address}`));
            const id = info.Config.Env.find((line) => line.startsWith("CDSW_MASTER_ID="));
            assert.equal(id, rank === 0 ? undefined : `CDSW_MASTER_ID=${masterId.slice(0, 12)}`);
        }
    });

    it("reports every worker's output, exit code and status", async () => {
        const { workers } = await session.stack.outputs();
        for (const worker of workers) {
            assert.equal(worker.status, "succeeded");
            assert.equal(worker.exitCode, 0);
            assert.equal(worker.logs, "Worker received: hello\n");
        }
    });
});
