import assert from "node:assert/strict";
import { folderWith, removeFolders } from "../helpers/folders";
import { docker, kubernetes } from "./support/backends";
import { ClusterVolume } from "./support/clusterVolume";
import { onEachBackend } from "./support/columns";
import { LiveContainer } from "./support/docker";
import { TestSession, destroySessions, idle } from "./support/session";

onEachBackend("an engine whose root is read-only", function (backend) {
    let session: TestSession;
    let volume: ClusterVolume | undefined;

    before(async () => {
        volume = backend === docker ? undefined : await ClusterVolume.create(kubernetes.site);
        const sharedClaim = { storageClassName: volume?.name, size: 0.001 };
        session = await TestSession.create(backend, {
            readOnlyRoot: true,
            project: folderWith({ "data/in.txt": "from the project" }),
            shared: {},
            maxSeconds: 3600,
            wait: "completed",
            master: { ...idle, command: ["python3", "-m", "http.server", "6000"], ports: [6000] },
            workers: { ...idle, n: 1, command: ["cat", "data/in.txt"] },
            ...(volume === undefined ? {} : { kubernetes: { sharedClaim } }),
        });
        await session.up();
    });
    after(async () => {
        await destroySessions();
        await volume?.remove();
        removeFolders();
    });

    it("writes in /tmp, in its home and in the shared folder, and nowhere else", async () => {
        const writable = ["/tmp/a", "/home/cdsw/a", "/shared/a"];
        const script = ["/a", "/usr/a", "/var/tmp/a", ...writable].map((file) => `touch ${file} && echo ${file}`);
        assert.equal(await session.shell("master", `{ ${script.join("; ")}; } 2>/dev/null`), writable.join("\n"));
    });

    it("has the files of the project, and nothing to do a second time", async () => {
        const { workers } = await session.stack.outputs();
        assert.deepEqual([workers[0].exitCode, workers[0].logs], [0, "from the project"]);
        await session.assertAtRest();
    });

    it("leaves no volume behind", async () => {
        const engines = [...(await session.engines()).values()] as LiveContainer[];
        const names =
            backend === docker ? engines.flatMap(({ info }) => info.Mounts.flatMap(({ Name }) => Name ?? [])) : [];
        assert.equal(names.length, backend === docker ? 6 : 0);
        await destroySessions();
        const { Volumes: left } = await docker.site.docker.listVolumes();
        assert.deepEqual(
            left.filter(({ Name }) => names.includes(Name)),
            [],
        );
    });
});
