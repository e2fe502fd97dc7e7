import type Docker from "dockerode";
import assert from "node:assert/strict";
import { contentsOf } from "../../../../../components/docker/readOnlyRoot";
import { fillAndStart } from "../../../../../components/docker/runtime/filling/fillAndStart";
import { planSession } from "../../../../../components/model/plan";
import { ProjectFile } from "../../../../../components/project/project";
import { PartialArgs, sessionArgs } from "../../../../helpers/session";

const archive = () => Promise.resolve(Buffer.from("the archive"));

/** A host with a container in this state, and what is asked of it. */
function hostWith(status: string, putArchive: () => Promise<void> = () => Promise.resolve()) {
    const asked: unknown[] = [];
    const noted = (name: string) => (parameter?: unknown) => Promise.resolve(void asked.push([name, parameter]));
    const info = { Image: "sha256:1", Config: { Labels: { rank: "1" } }, State: { Status: status } };
    const engine = { inspect: () => Promise.resolve(info), start: noted("start") };
    const put = (bytes: Buffer, { path }: { path: string }) => {
        asked.push(["put", `${bytes.toString()} to ${path}`]);
        return putArchive();
    };
    const createContainer = (options: unknown) => {
        asked.push(["create", options]);
        return Promise.resolve({ putArchive: put, remove: noted("remove") });
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
    it("gets its files through another one with its volumes and labels, which does not stay, and is started", async () => {
        const { docker, asked } = hostWith("created");
        await fillAndStart(docker, "c", archive);
        assert.deepEqual(asked, [...filling, ["start", undefined]]);
    });

    for (const status of ["running", "exited", "restarting"]) {
        it(`is left alone when it is ${status}`, async () => {
            const { docker, asked } = hostWith(status);
            await fillAndStart(docker, "c", archive);
            assert.deepEqual(asked, []);
        });
    }

    it("is not started without its files, and the other one does not stay either", async () => {
        const full = Object.assign(new Error("no space left on device"), { statusCode: 500 });
        const { docker, asked } = hostWith("created", () => Promise.reject(full));
        await assert.rejects(fillAndStart(docker, "c", archive), /no space left/);
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
