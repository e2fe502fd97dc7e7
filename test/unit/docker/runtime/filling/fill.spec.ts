import type Docker from "dockerode";
import assert from "node:assert/strict";
import { contentsOf } from "../../../../../components/docker/readOnlyRoot";
import { fill } from "../../../../../components/docker/runtime/filling/fill";
import { planSession } from "../../../../../components/model/plan";
import { ProjectFile } from "../../../../../components/project/project";
import { PartialArgs, sessionArgs } from "../../../../helpers/session";

const archive = Buffer.from("the archive");

/** A host with a container, and what is asked of it. */
function playedHost(putArchive: () => Promise<void> = () => Promise.resolve()) {
    const asked: unknown[] = [];
    const engine = { inspect: () => Promise.resolve({ Image: "sha256:1", Config: { Labels: { rank: "1" } } }) };
    const put = (bytes: Buffer, { path }: { path: string }) => {
        asked.push(["put", `${bytes.toString()} to ${path}`]);
        return putArchive();
    };
    const createContainer = (options: unknown) => {
        asked.push(["create", options]);
        const remove = (parameter: unknown) => Promise.resolve(void asked.push(["remove", parameter]));
        return Promise.resolve({ putArchive: put, remove });
    };
    return { docker: { getContainer: () => engine, createContainer } as unknown as Docker, asked };
}

const carrier = { Image: "sha256:1", Labels: { rank: "1" }, Cmd: ["true"], HostConfig: { VolumesFrom: ["c"] } };
const filling = [
    ["create", carrier],
    ["put", "the archive to /"],
    ["remove", { force: true }],
];

describe("a container whose root is read-only", () => {
    it("gets its files through another one with its volumes and labels, which does not stay", async () => {
        const { docker, asked } = playedHost();
        await fill(docker, "c", archive);
        assert.deepEqual(asked, filling);
    });

    it("has no other one left beside it where it cannot get its files", async () => {
        const full = Object.assign(new Error("no space left on device"), { statusCode: 500 });
        const { docker, asked } = playedHost(() => Promise.reject(full));
        await assert.rejects(fill(docker, "c", archive), /no space left/);
        assert.deepEqual(asked, filling);
    });
});

describe("what an engine with a read-only root is given", () => {
    const file = (path: string, executable = false): ProjectFile => ({
        path,
        executable,
        source: `/p/${path}`,
        sha256: "",
        size: 1,
    });
    const given = (changes: PartialArgs, files: ProjectFile[] = []) =>
        contentsOf(planSession("s", sessionArgs(changes), { project: { folder: "/p", files } }));
    const folders = (changes: PartialArgs, files?: ProjectFile[]) =>
        given(changes, files).flatMap(({ path, isFolder }) => (isFolder ? [path] : []));

    it("is its home and the project in it, with its folders open", () => {
        const files = [file("a/b/run", true), file("in.csv")];
        assert.deepEqual(folders({}, files), ["/home/cdsw", "/home/cdsw/a", "/home/cdsw/a/b"]);
        assert.deepEqual(given({}, files).slice(3), [
            { path: "/home/cdsw/a/b/run", source: "/p/a/b/run", executable: true },
            { path: "/home/cdsw/in.csv", source: "/p/in.csv", executable: false },
        ]);
    });

    it("is the open root of a shared volume, and nothing of a folder of the host", () => {
        assert.deepEqual(folders({ shared: {} }), ["/home/cdsw", "/shared"]);
        assert.deepEqual(folders({ shared: { hostPath: "/srv" } }), ["/home/cdsw"]);
    });

    it("is the script that limits its life, in a folder for its marks", () => {
        assert.deepEqual(folders({ maxSeconds: 60 }), ["/home/cdsw", "/.distributed-session"]);
        assert.equal(given({ maxSeconds: 60 }).at(-1)!.path, "/.distributed-session/run");
    });
});
