import assert from "node:assert/strict";
import { folderWith, removeFolders } from "../../helpers/folders";
import { podSpecIn } from "../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, deploySession, find } from "../../helpers/session";

describe("engines on Docker whose root is read-only", () => {
    const inputsOf = async (changes: PartialArgs, name = "s-worker-1") =>
        find(await deploySession({ readOnlyRoot: true, ...changes }), name).inputs;

    after(removeFolders);

    it("have a volume as their home, and memory of theirs as /tmp, where programs may be run", async () => {
        const { readOnly, volumes, tmpfs } = await inputsOf({ workers: { memory: 0.5 } });
        assert.equal(readOnly, true);
        assert.deepEqual(volumes, [{ containerPath: "/home/cdsw" }]);
        assert.deepEqual(tmpfs, { "/tmp": "exec,mode=1777,size=512m" });
    });

    it("are filled and started by the program, because the provider can upload nothing", async () => {
        const project = folderWith({ "data/in.txt": "1" });
        const { start, uploads } = await inputsOf({ project, shared: {}, maxSeconds: 60 });
        assert.deepEqual([start, uploads], [false, []]);
    });

    it("have a volume more where their life is limited", async () => {
        assert.deepEqual((await inputsOf({ maxSeconds: 60 })).volumes, [
            { containerPath: "/home/cdsw" },
            { containerPath: "/.distributed-session" },
        ]);
    });

    it("are recreated when a file changes, but for a script that other engines run", async () => {
        const filesOf = async (files: Record<string, string>) => {
            const scripts = { "master.py": "1", "worker.py": "1" };
            const { labels } = await inputsOf({
                project: folderWith({ ...scripts, ...files }),
                master: { command: undefined, script: "master.py" },
                workers: { command: undefined, script: "worker.py" },
            });
            return labels.find((each: any) => each.label === "distributed-session.files").value as string;
        };
        const before = await filesOf({});
        assert.equal(await filesOf({ "master.py": "2" }), before);
        assert.notEqual(await filesOf({ "worker.py": "2" }), before);
        assert.notEqual(await filesOf({ "more.csv": "" }), before);
    });

    it("are as all others without it", async () => {
        const given = find(await deploySession(), "s-worker-1").inputs;
        for (const property of ["readOnly", "tmpfs", "volumes"]) {
            assert.equal(property in given, false, property);
        }
        assert.ok(given.labels.every((each: any) => each.label !== "distributed-session.files"));
    });
});

describe("engines on Kubernetes whose root is read-only", () => {
    const specOf = async (changes: PartialArgs, name: string) => podSpecIn(find(await deployOnCluster(changes), name));

    for (const workers of ["Pods", "IndexedJob"] as const) {
        it(`have volumes of their own in /tmp and in their home, with workers as ${workers}`, async () => {
            const changes = { readOnlyRoot: true, kubernetes: { workers } };
            for (const name of ["s-master", workers === "Pods" ? "s-worker-1" : "s-workers"]) {
                const { containers, volumes } = await specOf(changes, name);
                assert.equal(containers[0].securityContext.readOnlyRootFilesystem, true);
                assert.deepEqual(containers[0].volumeMounts.slice(1), [
                    { name: "scratch", mountPath: "/tmp" },
                    { name: "home", mountPath: "/home/cdsw" },
                ]);
                assert.deepEqual(volumes.slice(1), [
                    { name: "scratch", emptyDir: {} },
                    { name: "home", emptyDir: {} },
                ]);
            }
        });
    }

    it("have the project's volume as their home where there is one", async () => {
        const kubernetes = { projectVolume: { claimName: "data" } };
        const { containers } = await specOf({ readOnlyRoot: true, kubernetes }, "s-master");
        const paths = containers[0].volumeMounts.map(({ name, mountPath }: any) => [name, mountPath]);
        assert.deepEqual(paths.slice(1), [
            ["scratch", "/tmp"],
            ["project", "/home/cdsw"],
        ]);
    });

    it("have a root in which they may write without it", async () => {
        const { containers, volumes } = await specOf({}, "s-master");
        assert.equal("readOnlyRootFilesystem" in containers[0].securityContext, false);
        assert.equal(volumes.length, 1);
    });
});
