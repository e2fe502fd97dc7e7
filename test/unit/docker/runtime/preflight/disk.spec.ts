import type Docker from "dockerode";
import assert from "node:assert/strict";
import { diskProblems } from "../../../../../components/docker/runtime/preflight/disk";
import { HostInfo } from "../../../../../components/docker/runtime/hostInfo";
import { NoAnswer } from "../../../../../components/observing/time";

/** What a host says of this storage driver. */
function infoOf(Driver?: string, fileSystem?: string): HostInfo {
    const DriverStatus: HostInfo["DriverStatus"] =
        fileSystem === undefined ? [["Pool", "tank"]] : [["Backing Filesystem", fileSystem]];
    return { NCPU: 1, MemTotal: 1, SystemTime: "", Driver, DriverStatus };
}

/** A host that creates containers, or refuses to; and what it was asked for. */
function hostWith(refusal?: unknown) {
    const asked: unknown[] = [];
    const docker = {
        createContainer: (options: unknown) => {
            asked.push(options);
            const remove = (how: unknown) => Promise.resolve(asked.push(how));
            return refusal === undefined ? Promise.resolve({ remove }) : Promise.reject(refusal);
        },
    } as unknown as Docker;
    return { docker, asked };
}

const demands = [
    { path: "master", image: "mine" },
    { path: "workers", image: "mine", disk: 1.5 },
];
const remedy =
    "leave disk out, or use a host whose driver can: overlay2 on xfs with the mount option pquota, btrfs, zfs";

describe("the limits of disks on a Docker host", () => {
    for (const [info, driver] of [
        [infoOf("overlay2", "extfs"), "overlay2 on extfs"],
        [infoOf("overlayfs"), "overlayfs"],
        [infoOf(undefined), "unknown"],
    ] as const) {
        it(`are refused where the driver is ${driver}, before a container is created`, async () => {
            const { docker, asked } = hostWith();
            const reason = `1.5 GiB cannot be the limit of a disk on this host: its storage driver, ${driver}, limits the disk of no container; ${remedy}`;
            assert.deepEqual(await diskProblems(docker, info, demands), [{ path: "workers.disk", reason }]);
            assert.deepEqual(asked, []);
        });
    }

    for (const [driver, fileSystem] of [
        ["overlay2", "xfs"],
        ["btrfs", undefined],
        ["zfs", undefined],
    ] as const) {
        it(`are tried once where the driver is ${driver}, by a container that does not stay`, async () => {
            const { docker, asked } = hostWith();
            assert.deepEqual(await diskProblems(docker, infoOf(driver, fileSystem), demands), []);
            const HostConfig = { StorageOpt: { size: "1536m" } };
            assert.deepEqual(asked, [{ Image: "mine", Cmd: ["true"], HostConfig }, { force: true }]);
        });
    }

    it("are refused in the daemon's words where the file system has no quotas", async () => {
        const words = "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
        const { docker } = hostWith(Object.assign(new Error(words), { statusCode: 400 }));
        const [problem] = await diskProblems(docker, infoOf("overlay2", "xfs"), demands);
        assert.equal(
            problem!.reason,
            `1.5 GiB cannot be the limit of a disk on this host: its storage driver, overlay2 on xfs, refuses it (${words}); ${remedy}`,
        );
    });

    it("are no question of a daemon that does not answer, nor of an image that is missing", async () => {
        const silent = new NoAnswer("The Docker daemon", "POST /containers/create", 30_000);
        await assert.rejects(diskProblems(hostWith(silent).docker, infoOf("btrfs"), demands), silent);
        const missing = Object.assign(new Error("no such image"), { statusCode: 404 });
        assert.deepEqual(await diskProblems(hostWith(missing).docker, infoOf("btrfs"), demands), []);
    });

    it("are not asked for where nobody sets one", async () => {
        const { docker, asked } = hostWith();
        assert.deepEqual(await diskProblems(docker, infoOf("overlay2", "extfs"), demands.slice(0, 1)), []);
        assert.deepEqual(asked, []);
    });
});
