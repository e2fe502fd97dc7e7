import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend } from "./support/columns";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";

/** Settings that only one backend has. */
const everyOption: Record<string, object> = {
    "docker:": {
        docker: {
            subnet: "10.231.7.0/24",
            pidsLimit: 100,
            publish: [{ port: 6000, hostPort: 16001, hostIp: "127.0.0.1" }],
        },
    },
    "kubernetes:": {
        kubernetes: {
            namespace: "default",
            scheduleTimeoutSeconds: 5,
            egress: "closed",
            pods: {
                labels: { team: "blue" },
                annotations: { "example.com/note": "of the tests" },
                nodeSelector: { "kubernetes.io/os": "linux" },
                tolerations: [{ key: "example.com/reserved", operator: "Exists", effect: "NoSchedule" }],
                topologySpreadConstraints: [
                    { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
                ],
                imagePullPolicy: "IfNotPresent",
                sharedMemory: 0.03125,
                fsGroup: 1000,
            },
            workerPods: { runAsUser: 1000, runAsGroup: 1000 },
        },
    },
};

onEachBackend("a session at rest", function (backend) {
    this.timeout(180_000);
    afterEach(destroySessions);

    it("has nothing to do once all its engines have finished", async () => {
        const once = serve.code.replace("while True:", "for _ in range(2):");
        const session = await TestSession.create(backend, {
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
        const session = await TestSession.create(backend, {
            name: "everything",
            project: "examples/hello-python",
            master: { ...serve, ports: [6000], env: { GREETING: "hi", OMP_NUM_THREADS: "2" } },
            workers: { ...idle, n: 2, cpu: 0.05, memory: 0.0625, image: "distributed-session/engine:0.1.0" },
            wait: "running",
            timeoutSeconds: 60,
            onWorkerFailure: "report",
            ...everyOption[backend.typePrefix],
        });
        await session.up();
        const before = await session.stack.outputs();
        await session.assertAtRest();
        assert.deepEqual(await session.stack.outputs(), before);
    });
});

onEachBackend("a resize", function (backend) {
    this.timeout(180_000);
    afterEach(destroySessions);

    it("adds or removes the highest ranks and leaves the others as they are", async () => {
        const config = (n: number) => ({ master: serve, workers: { ...idle, n } });
        const session = await TestSession.create(backend, config(2));
        await session.up();
        const first = await session.ids();
        for (const n of [4, 1, 0]) {
            session.configure(config(n));
            await session.up();
            const now = await session.ids();
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

onEachBackend("a replacement", function (backend) {
    this.timeout(180_000);
    afterEach(destroySessions);

    it("of the master replaces every worker, also where its address stays", async () => {
        const config = (text: string) => ({
            master: { ...serve, code: `${serve.code}# ${text}` },
            workers: { ...idle, n: 2 },
        });
        const session = await TestSession.create(backend, config("one"));
        await session.up();
        const [before, outputs] = [await session.ids(), await session.stack.outputs()];
        session.configure(config("two"));
        await session.up();
        const after = await session.ids();
        if (backend === docker) {
            assert.equal((await session.stack.outputs()).masterIp, outputs.masterIp);
        }
        for (const name of ["master", "worker-1", "worker-2"]) {
            assert.notEqual(after.get(name), before.get(name));
        }
    });

    it("of the workers leaves the master alone", async () => {
        const config = (env: Record<string, string>) => ({ master: serve, workers: { ...idle, n: 2, env } });
        const session = await TestSession.create(backend, config({ COLOUR: "red" }));
        await session.up();
        const before = await session.ids();
        session.configure(config({ COLOUR: "blue" }));
        await session.up();
        const after = await session.ids();
        assert.equal(after.get("master"), before.get("master"));
        assert.notEqual(after.get("worker-1"), before.get("worker-1"));
    });
});
