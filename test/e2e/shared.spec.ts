import assert from "node:assert/strict";
import { docker, kubernetes } from "./support/backends";
import { ClusterVolume } from "./support/clusterVolume";
import { onBothBackends, onEachBackend } from "./support/columns";
import { eventually } from "./support/eventually";
import { TestSession, destroySessions, idle, small } from "./support/session";
import { UserVolume, createUserVolume } from "./support/userVolume";

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

onBothBackends("the volumes that a user names", function (backend) {
    let session: TestSession;
    let shared: UserVolume;
    let data: UserVolume;
    const [path, file] = ["/data/in", "/data/in/table.csv"];

    before(async () => {
        shared = await createUserVolume(backend);
        data = await createUserVolume(backend);
        await data.shell("echo 1,2,3 > table.csv && chmod 644 table.csv");
        session = await TestSession.create(backend, {
            shared: shared.source,
            volumes: [{ path, ...data.source }],
            master: idle,
            workers: { ...writes, n: 1 },
        });
        await session.up();
    });
    after(destroySessions);

    it("are data sets that every engine reads and none changes, and a session that has nothing to do", async () => {
        for (const engine of ["master", "worker-1"]) {
            assert.equal(await session.shell(engine, `cat ${file}`), "1,2,3");
            assert.match(await session.shell(engine, `touch ${path}/new 2>&1`), /Read-only file system/);
        }
        await session.assertAtRest();
    });

    it("have what workers write in the shared folder, and each stays when the session goes, with its files", async () => {
        const read = () => session.shell("master", "cat /shared/1");
        await eventually("the worker's file", 30_000, async () => (await read()) === "1");
        await destroySessions();
        await shared.shell("test $(cat 1) = 1");
        await data.shell("test $(cat table.csv) = 1,2,3 && test $(stat -c %u:%g table.csv) = 0:0");
        await shared.remove();
        await data.remove();
    });
});
