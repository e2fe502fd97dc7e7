import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { containerIn, podEnvironmentIn, podSpecIn } from "../../../helpers/kubernetes";
import { folderWith, removeFolders } from "../../../helpers/folders";
import { PartialArgs, deployOnCluster, find } from "../../../helpers/session";

const scripts = {
    master: { command: undefined, script: "master.py" },
    workers: { n: 1, command: undefined, script: "worker.py" },
};

describe("the files of a session on Kubernetes", () => {
    let project: string;
    beforeEach(() => (project = folderWith({ "master.py": "m", "worker.py": "w", "data/run me.sh": "d" })));
    after(removeFolders);

    async function inputs() {
        const deployment = await deployOnCluster({ project, ...scripts });
        return ["s-master", "s-worker-1"].map((name) => find(deployment, name).inputs);
    }

    it("are replaced when their token changes", async () => {
        const { inputs: files, replaceOnChanges } = find(await deployOnCluster({ project, ...scripts }), "s-files");
        assert.deepEqual(files.metadata.annotations, { "distributed-session.generation": "0" });
        assert.deepEqual(replaceOnChanges, ['metadata.annotations["distributed-session.generation"]']);
    });

    it("are in a ConfigMap that is called after the Service, and in every engine under their names", async () => {
        const deployment = await deployOnCluster({ project, ...scripts });
        const files = find(deployment, "s-files");
        assert.equal(files.inputs.metadata.name, "s-abc1234-files");
        assert.deepEqual(Object.values(files.inputs.data).sort(), ["d", "m", "w"]);
        for (const name of ["s-master", "s-worker-1"]) {
            const engine = find(deployment, name);
            const [, ...mounts] = containerIn(engine).volumeMounts;
            const [, volume] = podSpecIn(engine).volumes;
            assert.deepEqual(volume.configMap, { name: "s-abc1234-files", defaultMode: 0o644 });
            assert.deepEqual(
                mounts.map(({ mountPath, subPath, name: from }: any) => [mountPath, files.inputs.data[subPath], from]),
                [
                    ["/home/cdsw/data/run me.sh", "d", volume.name],
                    ["/home/cdsw/master.py", "m", volume.name],
                    ["/home/cdsw/worker.py", "w", volume.name],
                ],
            );
        }
    });

    it("may be executed where they may be here", async () => {
        fs.chmodSync(path.join(project, "data/run me.sh"), 0o755);
        const [master] = await inputs();
        const modes = new Map(
            master!.spec.volumes.slice(1).map((each: any) => [each.name, each.configMap.defaultMode]),
        );
        const [, ...mounts] = master!.spec.containers[0].volumeMounts;
        assert.deepEqual(
            mounts.map(({ name }: any) => modes.get(name)),
            [0o755, 0o644, 0o644],
        );
    });

    it("may change in one role's script and then change that role's Pods alone", async () => {
        const before = await inputs();
        fs.writeFileSync(path.join(project, "worker.py"), "another");
        const after = await inputs();
        assert.deepEqual(after[0], before[0]);
        assert.notDeepEqual(after[1], before[1]);
        fs.writeFileSync(path.join(project, "master.py"), "another");
        const last = await inputs();
        assert.notDeepEqual(last[0], after[0]);
        assert.deepEqual(last[1], after[1]);
    });

    it("are replaced before the ConfigMap of the same name is there again", async () => {
        const deployment = await deployOnCluster({ project, ...scripts });
        assert.equal(find(deployment, "s-files").deleteBeforeReplace, true);
    });

    for (const [readOnly, subPath] of [
        [undefined, undefined],
        [true, "a/b"],
    ] as const) {
        it(`are those of a volume, with readOnly ${readOnly} and subPath ${subPath}`, async () => {
            const kubernetes = { projectVolume: { claimName: "shared", readOnly, subPath } };
            const deployment = await deployOnCluster({ ...scripts, kubernetes });
            assert.ok(!deployment.resources.some(({ type }) => type.endsWith(":ConfigMap")));
            for (const name of ["s-master", "s-worker-1"]) {
                const engine = find(deployment, name);
                const only = readOnly ? { readOnly } : {};
                assert.deepEqual(podSpecIn(engine).volumes[1], {
                    name: "project",
                    persistentVolumeClaim: { claimName: "shared", ...only },
                });
                assert.deepEqual(containerIn(engine).volumeMounts[1], {
                    name: "project",
                    mountPath: "/home/cdsw",
                    ...(subPath === undefined ? {} : { subPath }),
                    ...only,
                });
            }
        });
    }
});

describe("the environment that comes later", () => {
    const secretMark = "4dabf18193072939515e22adb298388d";
    const later = { workers: { n: 2, env: { TOKEN: Promise.resolve("hush"), A: "1" } } };

    it("is in one Secret for all engines of a role, and of the others' in none", async () => {
        const deployment = await deployOnCluster(later);
        const secrets = deployment.resources.filter(({ type }) => type.endsWith(":Secret"));
        assert.deepEqual(
            secrets.map(({ name }) => name),
            ["s-worker-env"],
        );
        // The provider's class marks what a Secret holds.
        assert.equal(secrets[0]!.inputs.stringData[secretMark] !== undefined, true);
        assert.equal(secrets[0]!.inputs.stringData.value.TOKEN, "hush");
        for (const name of ["s-worker-1", "s-worker-2"]) {
            assert.deepEqual(podEnvironmentIn(find(deployment, name)).TOKEN, {
                secretKeyRef: { name: "s-worker-env-abc1234", key: "TOKEN" },
            });
        }
        assert.equal(podEnvironmentIn(find(deployment, "s-master")).TOKEN, undefined);
    });

    for (const [workers, name] of [
        ["Pods", "s-worker-1"],
        ["IndexedJob", "s-workers"],
    ] as const) {
        it(`is in no Pod in plain text, with workers as ${workers}`, async () => {
            const deployment = await deployOnCluster({ ...later, kubernetes: { workers } });
            assert.deepEqual(podEnvironmentIn(find(deployment, name)).TOKEN, {
                secretKeyRef: { name: "s-worker-env-abc1234", key: "TOKEN" },
            });
            const others = deployment.resources.filter(({ name: each }) => each !== "s-worker-env" && each !== "s");
            assert.ok(!JSON.stringify(others).includes("hush"));
        });
    }

    it("gives no Secret where everything is there", async () => {
        const plain: PartialArgs = { workers: { env: { A: "1" } } };
        const { resources } = await deployOnCluster(plain);
        assert.ok(!resources.some(({ type }) => type.endsWith(":Secret")));
    });
});
