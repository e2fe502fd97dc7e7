import assert from "node:assert/strict";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";

describe("a session at rest", function () {
    this.timeout(180_000);
    afterEach(destroySessions);

    it("has nothing to do once all its engines have finished", async () => {
        const once = serve.code.replace("while True:", "for _ in range(2):");
        const session = await TestSession.create({
            master: { ...serve, code: once },
            workers: { ...ask, n: 2 },
            wait: "completed",
        });
        await session.up();
        const before = await session.stack.outputs();
        assert.equal(before.master.status, "succeeded");
        await session.assertAtRest();
        assert.deepEqual(await session.stack.outputs(), before);
    });

    it("has nothing to do while its engines run, with every option in use", async () => {
        const session = await TestSession.create({
            name: "everything",
            project: "examples/hello-python",
            master: { ...serve, ports: [6000], env: { GREETING: "hi", OMP_NUM_THREADS: "2" } },
            workers: { ...idle, n: 2, cpu: 0.05, memory: 0.0625, image: "distributed-session/engine:0.1.0" },
            wait: "running",
            timeoutSeconds: 60,
            onWorkerFailure: "report",
            docker: {
                subnet: "10.231.7.0/24",
                pidsLimit: 100,
                publish: [{ port: 6000, hostPort: 16001, hostIp: "127.0.0.1" }],
            },
        });
        await session.up();
        const before = await session.stack.outputs();
        await session.assertAtRest();
        assert.deepEqual(await session.stack.outputs(), before);
    });
});

describe("a resize", function () {
    this.timeout(180_000);
    afterEach(destroySessions);

    it("adds or removes the highest ranks and leaves the others as they are", async () => {
        const config = (n: number) => ({ master: serve, workers: { ...idle, n } });
        const session = await TestSession.create(config(2));
        await session.up();
        const ids = async () => new Map([...(await session.engines())].map(([name, info]) => [name, info.Id]));
        const first = await ids();
        for (const n of [4, 1, 0]) {
            session.stack.configure(config(n));
            await session.up();
            const now = await ids();
            assert.deepEqual([...now.keys()].sort(), [
                "master",
                ...Array.from({ length: n }, (_, i) => `worker-${i + 1}`),
            ]);
            for (const [name, id] of now) {
                assert.equal(id, first.get(name) ?? id);
            }
        }
    });
});

describe("a replacement", function () {
    this.timeout(180_000);
    afterEach(destroySessions);

    it("of the master replaces every worker, though the address stays", async () => {
        const config = (text: string) => ({
            master: { ...serve, code: `${serve.code}# ${text}` },
            workers: { ...idle, n: 2 },
        });
        const session = await TestSession.create(config("one"));
        await session.up();
        const [before, outputs] = [await session.engines(), await session.stack.outputs()];
        session.stack.configure(config("two"));
        await session.up();
        const after = await session.engines();
        assert.equal((await session.stack.outputs()).masterIp, outputs.masterIp);
        for (const name of ["master", "worker-1", "worker-2"]) {
            assert.notEqual(after.get(name)!.Id, before.get(name)!.Id);
        }
    });

    it("of the workers leaves the master alone", async () => {
        const config = (env: Record<string, string>) => ({ master: serve, workers: { ...idle, n: 2, env } });
        const session = await TestSession.create(config({ COLOUR: "red" }));
        await session.up();
        const before = await session.engines();
        session.stack.configure(config({ COLOUR: "blue" }));
        await session.up();
        const after = await session.engines();
        assert.equal(after.get("master")!.Id, before.get("master")!.Id);
        assert.notEqual(after.get("worker-1")!.Id, before.get("worker-1")!.Id);
    });
});
