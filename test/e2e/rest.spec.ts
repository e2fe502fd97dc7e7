import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend, onlyOn } from "./support/columns";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";

/** Settings that only one backend has. */
const everyOption: Record<string, object> = {
    "docker:": {
        docker: {
            subnet: "10.231.7.0/24",
            pidsLimit: 100,
            log: { maxFileMib: 1, maxFiles: 2 },
        },
        publish: [{ port: 6000, hostPort: 16001, hostIp: "127.0.0.1" }, { port: 4040 }],
    },
    "kubernetes:": {
        egress: "closed",
        kubernetes: {
            namespace: "default",
            scheduleTimeoutSeconds: 5,
            serviceType: "NodePort",
            access: [{ podLabels: { team: "green" }, namespaceLabels: { team: "green" } }, { cidr: "192.168.7.0/24" }],
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
        publish: [{ port: 6000 }, { port: 4040 }],
    },
};

onEachBackend("a session at rest", function (backend) {
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
            workers: {
                ...idle,
                n: 2,
                restart: { attempts: 2 },
                cpu: 0.05,
                memory: 0.0625,
                image: "distributed-session/engine:0.2.0",
            },
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

onlyOn(docker, "a container that the operator stopped", function (backend) {
    let session: TestSession;

    before(async () => {
        session = await TestSession.create(backend, { master: serve, workers: { ...idle, n: 2 } });
        await session.up();
    });
    after(destroySessions);

    it("and started again is as good as before: there is nothing to do", async () => {
        const before = await session.stack.outputs();
        for (const name of ["worker-1", "master"]) {
            const { id } = (await session.engines()).get(name)!;
            await backend.site.docker.getContainer(id).stop({ t: 1 });
            await backend.site.docker.getContainer(id).start();
        }
        await session.assertAtRest();
        assert.deepEqual(await session.stack.outputs(), before);
    });

    it("and left so is recreated by the next up, and no other", async () => {
        const before = await session.ids();
        await backend.site.docker.getContainer(before.get("worker-2")!).stop({ t: 1 });
        await session.up();
        const after = await session.ids();
        assert.notEqual(after.get("worker-2"), before.get("worker-2"));
        assert.equal((await session.engines()).get("worker-2")!.isRunning, true);
        for (const name of ["master", "worker-1"]) {
            assert.equal(after.get(name), before.get(name));
        }
    });
});
