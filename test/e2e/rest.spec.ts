import assert from "node:assert/strict";
import { docker } from "./support/backends";
import { onEachBackend, onKubernetes, onlyOn } from "./support/columns";
import { eventually } from "./support/eventually";
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

/** Asserts that there is nothing to do: for an `up` at once, and for a preview after a refresh. */
async function assertAtRest(session: TestSession): Promise<void> {
    const { output } = await session.up();
    assert.match(output, /Resources:\n {4}\d+ unchanged\n/, output);
    const preview = await session.stack.previewNothing("--refresh");
    assert.equal(preview.exitCode, 0, preview.output);
}

onEachBackend("a session at rest", function (backend, itOnce) {
    afterEach(destroySessions);

    itOnce("has nothing to do once all its engines have finished", async () => {
        const once = serve.code.replace("while True:", "for _ in range(2):");
        const session = await TestSession.create(backend, {
            master: { ...serve, code: once },
            workers: { ...ask, n: 2 },
            wait: "completed",
        });
        await session.up();
        const before = await session.stack.outputs();
        assert.equal(before.master.status, "succeeded");
        await assertAtRest(session);
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
        await assertAtRest(session);
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
        await assertAtRest(session);
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

/** Ends the idle program with a signal, in an image that may have no program for that. */
const killSleep = 'for at in /proc/[0-9]*; do if [ "$(cat $at/comm)" = sleep ]; then kill -9 ${at#/proc/}; fi; done';

onKubernetes("a service whose process is killed", function (backend) {
    afterEach(destroySessions);

    it("is started again in its place, and there is nothing to do", async () => {
        const session = await TestSession.create(backend, { master: serve, workers: { ...idle, n: 1 } });
        await session.up();
        const before = await session.stack.outputs();
        await session.shell("worker-1", killSleep);
        await eventually("the worker's restart", 60_000, async () => {
            const { pod, isRunning } = (await session.engines()).get("worker-1")!;
            return isRunning && pod.status!.containerStatuses![0]!.restartCount > 0;
        });
        await session.untilReady();
        await assertAtRest(session);
        assert.deepEqual(await session.stack.outputs(), before);
    });
});

onKubernetes("a session whose master waits to be started again", function (backend, itOnce) {
    afterEach(destroySessions);

    itOnce("keeps its engines when it is refreshed at that moment", async () => {
        const mortal = serve.code.replace(
            "connection.sendall",
            "connection.recv(3) == b'die' and os._exit(3)\n        connection.sendall",
        );
        const session = await TestSession.create(backend, {
            master: { ...serve, code: mortal },
            workers: { ...idle, n: 1 },
        });
        await session.up();
        const before = await session.ids();
        const call = `import os, socket; socket.create_connection((os.environ["CML_MASTER_IP"], 6000)).sendall(b"die")`;
        const masterIs = (ready: boolean) =>
            eventually(`a master that is ${ready ? "" : "not "}ready`, 60_000, async () => {
                if (!ready) {
                    await session.exec("worker-1", "python3", "-c", call);
                }
                return (await session.engines()).get("master")!.isReady === ready;
            });
        await masterIs(false);
        await masterIs(true);
        // A container that ends soon after its restart is started again after 10 s.
        await masterIs(false);
        await session.refresh();
        await masterIs(true);
        await session.up();
        assert.deepEqual(await session.ids(), before);
        await session.assertAtRest();
    });
});
