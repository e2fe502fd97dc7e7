import assert from "node:assert/strict";
import * as os from "os";
import { playedUid } from "../../helpers/playedDocker";
import { PartialArgs, deploySession, environmentIn, find } from "../../helpers/session";

const open = (path: string) => ({ file: `${path}/`, source: os.devNull, permissions: "0777" });

describe("the shared folder of a session on Docker", () => {
    const engines = ["s-master", "s-worker-1", "s-worker-2"];

    async function inputsOf(changes: PartialArgs) {
        const deployment = await deploySession(changes);
        return engines.map((name) => find(deployment, name).inputs);
    }

    it("is a volume of the session's own, once the host is inspected", async () => {
        const deployment = await deploySession(
            { shared: {} },
            { computed: ({ type }) => (type.endsWith("Stash") ? { output: playedUid } : {}) },
        );
        const { inputs, parent } = find(deployment, "s-shared", "Volume");
        assert.deepEqual(inputs.labels, [
            { label: "distributed-session.session", value: "project/stack/s" },
            { label: "distributed-session.generation", value: `0.${playedUid}` },
        ]);
        assert.equal(parent, find(deployment, "s").urn);
    });

    it("is at the same path of every engine, open to any user, and in its environment", async () => {
        const deployment = await deploySession({ shared: { path: "/data/team" } });
        for (const name of engines) {
            const engine = find(deployment, name);
            assert.deepEqual(engine.inputs.mounts, [
                { type: "volume", source: "s-shared-abc1234", target: "/data/team" },
            ]);
            assert.deepEqual(engine.inputs.uploads, [open("/data/team")]);
            assert.equal(environmentIn(engine).CDSW_SHARED_FOLDER, "/data/team");
        }
    });

    it("is a volume that the user names, and none of the session's", async () => {
        const { resources } = await deploySession({ shared: { volume: "data" } });
        assert.ok(resources.every(({ type }) => !type.endsWith("Volume")));
        for (const { mounts, uploads } of await inputsOf({ shared: { volume: "data" } })) {
            assert.deepEqual(mounts, [{ type: "volume", source: "data", target: "/shared" }]);
            assert.deepEqual(uploads, [open("/shared")]);
        }
    });

    it("is a folder of the host, whose rights stay as they are", async () => {
        for (const { mounts, uploads } of await inputsOf({ shared: { hostPath: "/srv/data" } })) {
            assert.deepEqual(mounts, [{ type: "bind", source: "/srv/data", target: "/shared" }]);
            assert.deepEqual(uploads, []);
        }
    });

    it("is nowhere in a session without one", async () => {
        const deployment = await deploySession();
        for (const name of engines) {
            const engine = find(deployment, name);
            assert.equal("mounts" in engine.inputs, false);
            assert.deepEqual(engine.inputs.uploads, []);
            assert.equal("CDSW_SHARED_FOLDER" in environmentIn(engine), false);
        }
    });
});
