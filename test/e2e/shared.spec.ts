import assert from "node:assert/strict";
import { docker, kubernetes } from "./support/backends";
import { ClusterVolume } from "./support/clusterVolume";
import { onBothBackends, onEachBackend } from "./support/columns";
import { eventually } from "./support/eventually";
import { TestSession, destroySessions, idle, small } from "./support/session";

/** A worker that writes its rank into the shared folder. */
const writes = { ...small, command: ["sh", "-c", 'echo "$RANK" > "$CDSW_SHARED_FOLDER/$RANK" && exec sleep 3600'] };

let volume: ClusterVolume | undefined;

/** What a session's own volume needs where nothing creates volumes on demand. */
async function ownVolume(backend: unknown): Promise<Record<string, unknown>> {
    if (backend === docker) {
        return {};
    }
    volume = await ClusterVolume.create(kubernetes.site);
    return { kubernetes: { sharedClaim: { storageClassName: volume.name, size: 0.001 } } };
}

async function removeVolume(): Promise<void> {
    await volume?.remove();
    volume = undefined;
}

onEachBackend("a shared folder of the session's own", function (backend, itOnce) {
    let session: TestSession;
    let options: Record<string, unknown>;
    const config = (n: number, env = {}) => ({
        ...options,
        shared: { path: "/data/shared" },
        master: { ...idle, env },
        workers: { ...writes, n },
    });
    const files = async (engine: string) => (await session.shell(engine, "cd /data/shared && cat *")).split("\n");

    before(async () => {
        options = await ownVolume(backend);
        session = await TestSession.create(backend, config(1));
        await session.up();
    });
    after(async () => {
        await destroySessions();
        await removeVolume();
    });

    itOnce("has what workers write, for the master to read", async () => {
        await eventually("the worker's file", 30_000, async () => (await files("master")).includes("1"));
    });

    itOnce("is the same for workers that a resize adds, and changes none of the others", async () => {
        const before = await session.ids();
        session.configure(config(2));
        await session.up();
        const after = await session.ids();
        assert.deepEqual([after.get("master"), after.get("worker-1")], [before.get("master"), before.get("worker-1")]);
        await eventually("the files of both", 30_000, async () => (await files("worker-2")).join() === "1,2");
    });

    itOnce("outlives its engines: those that replace them find its files", async () => {
        const before = await session.ids();
        await session.shell("master", "echo kept > /data/shared/kept");
        session.configure(config(1, { A: "1" }));
        await session.up();
        assert.notEqual((await session.ids()).get("worker-1"), before.get("worker-1"));
        assert.deepEqual(await files("master"), ["1", "2", "kept"]);
        await session.assertAtRest();
    });
});

onBothBackends("a volume that a user names as the shared folder", function (backend) {
    const name = `distributed-session-test-${Date.now()}`;
    let session: TestSession;

    before(async () => {
        if (backend === docker) {
            await docker.site.docker.createVolume({ Name: name });
        } else {
            volume = await ClusterVolume.create(kubernetes.site);
            await volume.claim("default");
        }
        const shared = backend === docker ? { volume: name } : { claimName: volume!.name };
        session = await TestSession.create(backend, { shared, master: idle, workers: { ...writes, n: 1 } });
        await session.up();
    });
    after(async () => {
        await destroySessions();
        await removeVolume();
    });

    it("has what workers write, and stays when the session goes", async () => {
        const read = () => session.shell("master", "cat /shared/1");
        await eventually("the worker's file", 30_000, async () => (await read()) === "1");
        await destroySessions();
        if (backend === docker) {
            await docker.site.docker.getVolume(name).remove();
        } else {
            const { core } = kubernetes.site;
            await core.deleteNamespacedPersistentVolumeClaim({ namespace: "default", name: volume!.name });
        }
    });
});
