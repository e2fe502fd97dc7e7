import type Docker from "dockerode";
import assert from "node:assert/strict";
import { sharedProblems } from "../../../../../components/docker/runtime/preflight/sharedFolder";
import { folderWith, removeFolders } from "../../../../helpers/folders";

describe("the shared folder that a user names on a Docker host", () => {
    after(removeFolders);
    const inspect = (name: string) =>
        name === "data" ? Promise.resolve({}) : Promise.reject(Object.assign(new Error("no"), { statusCode: 404 }));
    const docker = { getVolume: (name: string) => ({ inspect: () => inspect(name) }) } as unknown as Docker;

    it("is fine where it is there, or there is none", async () => {
        for (const named of [{}, { volume: "data" }, { hostPath: folderWith() }]) {
            assert.deepEqual(await sharedProblems(docker, named, true), []);
        }
    });

    it("is an error where the host has no such volume, which Docker would create", async () => {
        const reason = `"mine" is no volume of the Docker host; create it (docker volume create mine), or leave it out for a volume of the session's own`;
        assert.deepEqual(await sharedProblems(docker, { volume: "mine" }, false), [{ path: "shared.volume", reason }]);
    });

    it("is an error where this machine has no such folder, and the daemon is on it", async () => {
        const hostPath = `${folderWith()}/none`;
        const [problem] = await sharedProblems(docker, { hostPath }, true);
        assert.equal(problem!.path, "shared.hostPath");
        assert.match(problem!.reason, /none" is no folder of the Docker host; create it/);
        assert.deepEqual(await sharedProblems(docker, { hostPath }, false), []);
    });
});
