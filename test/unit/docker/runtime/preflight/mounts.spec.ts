import type Docker from "dockerode";
import assert from "node:assert/strict";
import { NamedMount, mountProblems } from "../../../../../components/docker/runtime/preflight/mounts";
import { folderWith, removeFolders } from "../../../../helpers/folders";

describe("what a user names on a Docker host for engines to mount", () => {
    after(removeFolders);
    const inspect = (name: string) =>
        name === "data" ? Promise.resolve({}) : Promise.reject(Object.assign(new Error("no"), { statusCode: 404 }));
    const docker = { getVolume: (name: string) => ({ inspect: () => inspect(name) }) } as unknown as Docker;
    const shared = (named: Partial<NamedMount>): NamedMount => ({ place: "shared", readOnly: false, ...named });
    const volume = (index: number, named: Partial<NamedMount>): NamedMount => ({
        place: `volumes[${index}]`,
        index,
        readOnly: true,
        ...named,
    });

    it("is fine where it is there, or there is none", async () => {
        for (const named of [{}, { volume: "data" }, { hostPath: folderWith() }]) {
            assert.deepEqual(await mountProblems(docker, [shared(named), volume(0, named)], true), []);
        }
    });

    it("is an error where the host has no such volume, which Docker would create", async () => {
        const reason = `"mine" is no volume of the Docker host; create it (docker volume create mine), or`;
        const mounts = [shared({ volume: "mine" }), volume(0, { volume: "data" }), volume(1, { volume: "mine" })];
        assert.deepEqual(await mountProblems(docker, mounts, false), [
            { path: "shared.volume", reason: `${reason} leave it out for a volume of the session's own` },
            { path: "volumes[1].volume", reason: `${reason} name one that is there` },
        ]);
    });

    it("is an error where this machine has no such folder, and the daemon is on it", async () => {
        const hostPath = `${folderWith()}/none`;
        const mounts = [shared({ hostPath }), volume(0, { hostPath }), volume(1, { hostPath, readOnly: false })];
        const problem = `${JSON.stringify(hostPath)} is no folder of the Docker host; create it, and let the user of the engines`;
        assert.deepEqual(await mountProblems(docker, mounts, true), [
            { path: "shared.hostPath", reason: `${problem} write in it` },
            { path: "volumes[0].hostPath", reason: `${problem} read it` },
            { path: "volumes[1].hostPath", reason: `${problem} write in it` },
        ]);
        assert.deepEqual(await mountProblems(docker, mounts, false), []);
    });
});
