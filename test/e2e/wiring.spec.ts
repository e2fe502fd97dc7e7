import assert from "node:assert/strict";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, small } from "./support/session";

/** Prints the environment that the program sees, as one line. */
const printEnvironment = `import json, os, socket\nprint(json.dumps(dict(os.environ)), flush=True)\n`;
const answerTwice = `${printEnvironment}
with socket.create_server(("0.0.0.0", 6000)) as server:
    for _ in range(2):
        connection, _ = server.accept()
        connection.sendall(b"hello")
        connection.close()
`;
const askOnce = `${printEnvironment}
with socket.create_connection((os.environ["CML_MASTER_IP"], 6000)) as connection:
    print("Worker received:", connection.recv(100).decode())
`;

onEachBackend("the wiring of a session", function (backend) {
    const names = ["master", "worker-1", "worker-2"];
    let session: TestSession;
    let outputs: any;
    let environments: Record<string, Record<string, string>>;

    before(async () => {
        session = await TestSession.create(backend, {
            master: { ...small, ports: [6000], code: answerTwice },
            workers: { ...small, n: 2, code: askOnce },
            worldSize: true,
            wait: "completed",
        });
        await session.up();
        outputs = await session.stack.outputs();
        const logs = [outputs.master, ...outputs.workers].map((engine) => engine.logs.split("\n")[0]);
        environments = Object.fromEntries(names.map((name, index) => [name, JSON.parse(logs[index])]));
    });
    after(destroySessions);

    it("gives every worker the master's private address in CML_MASTER_IP and CDSW_MASTER_IP", async () => {
        const { ip } = (await session.engines()).get("master")!;
        assert.match(ip, /^\d+\.\d+\.\d+\.\d+$/);
        assert.equal(outputs.masterIp, ip);
        for (const name of names) {
            assert.equal(environments[name]!.CML_MASTER_IP, ip);
            assert.equal(environments[name]!.CDSW_MASTER_IP, ip);
        }
    });

    it("lets Pulumi know that a worker's environment comes from the master", async () => {
        const resources = await session.stack.resources();
        const find = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`));
        for (const name of backend.workerResources(2)) {
            const dependencies = find(name).propertyDependencies[backend.environmentProperty];
            assert.ok(dependencies.includes(find("session-master").urn), dependencies);
        }
    });

    it("gives every engine the number of all, as asked for", () => {
        assert.deepEqual(
            names.map((name) => environments[name]!.WORLD_SIZE),
            ["3", "3", "3"],
        );
    });

    it("gives each engine its rank, its own address and its id, and the workers the master's id", async () => {
        const engines = await session.engines();
        assert.deepEqual([...engines.keys()].sort(), names);
        for (const [rank, name] of names.entries()) {
            assert.equal(environments[name]!.RANK, String(rank));
            assert.equal(environments[name]!.CDSW_IP_ADDRESS, engines.get(name)!.ip);
            const masterId = rank === 0 ? undefined : environments.master!.CDSW_ENGINE_ID;
            assert.equal(environments[name]!.CDSW_MASTER_ID, masterId);
        }
        assert.equal(new Set(names.map((name) => environments[name]!.CDSW_ENGINE_ID)).size, 3);
    });

    it("reports every engine's id and address, and every worker's output, exit code and status", async () => {
        const engines = await session.engines();
        for (const [rank, engine] of [outputs.master, ...outputs.workers].entries()) {
            const live = engines.get(names[rank]!)!;
            assert.equal(engine.name, `session-${names[rank]}`);
            assert.equal(engine.id, live.outputId);
            assert.equal(engine.ip, live.ip);
        }
        for (const worker of outputs.workers) {
            assert.equal(worker.status, "succeeded");
            assert.equal(worker.exitCode, 0);
            assert.match(worker.logs, /\nWorker received: hello\n$/);
        }
    });
});
