import type { Docker } from "../../dockerode";
import * as pulumi from "@pulumi/pulumi";
import { Problem } from "../../../model/errors";
import { gibToMib } from "../../../model/units";
import { HostInfo } from "../hostInfo";
import { formatDaemonError, unlessGone } from "../retry";
import { NoAnswer } from "../../../observing/time";

/** What engines of one kind ask of the host's disk. */
export interface DiskDemand {
    path: string;
    image: string;
    /** In GiB; undefined is no limit. */
    disk?: number;
}

/** Storage drivers that limit the disk of a container; others do so on one file system alone. */
const limiting = ["btrfs", "zfs", "devicemapper", "windowsfilter"];
const limitingOnXfs = ["overlay2", "overlay", "vfs"];

const remedy =
    "leave disk out, or use a host whose driver can: overlay2 on xfs with the mount option pquota, btrfs, zfs";

/** The limits on a disk that the host cannot set. It says so only when it creates a container. */
export async function diskProblems(docker: Docker, info: HostInfo, demands: readonly DiskDemand[]): Promise<Problem[]> {
    const problems: Problem[] = [];
    for (const { path, image, disk } of demands) {
        if (disk !== undefined) {
            const refusal =
                refusalOf(info) ?? (pulumi.runtime.isDryRun() ? undefined : await tryLimit(docker, image, disk));
            const reason = `${disk} GiB cannot be the limit of a disk on this host: its storage driver, ${driverOf(info)}, ${refusal}; ${remedy}`;
            problems.push(...(refusal === undefined ? [] : [{ path: `${path}.disk`, reason }]));
        }
    }
    return problems;
}

/** Why a driver limits no disk, as far as the host tells before a container exists. */
function refusalOf({ Driver = "", DriverStatus }: HostInfo): string | undefined {
    const canLimit =
        limiting.includes(Driver) || (limitingOnXfs.includes(Driver) && fileSystemIn(DriverStatus) === "xfs");
    return canLimit ? undefined : "limits the disk of no container";
}

function driverOf({ Driver = "unknown", DriverStatus }: HostInfo): string {
    const fileSystem = fileSystemIn(DriverStatus);
    return fileSystem === undefined ? Driver : `${Driver} on ${fileSystem}`;
}

function fileSystemIn(status: HostInfo["DriverStatus"]): string | undefined {
    return status?.find(([name]) => name === "Backing Filesystem")?.[1];
}

/** Whether the file system is mounted with quotas shows in the creation of a container, which is never started. */
async function tryLimit(docker: Docker, image: string, disk: number): Promise<string | undefined> {
    const limits = { StorageOpt: { size: `${gibToMib(disk)}m` } };
    try {
        const probe = await unlessGone(() =>
            docker.createContainer({ Image: image, Cmd: ["true"], HostConfig: limits }),
        );
        await probe?.remove({ force: true });
        return undefined;
    } catch (error) {
        if (error instanceof NoAnswer) {
            throw error;
        }
        return `refuses it (${formatDaemonError(error)})`;
    }
}
