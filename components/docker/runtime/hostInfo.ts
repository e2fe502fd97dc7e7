import type { Docker } from "../dockerode";

/** What a daemon says of its host, as far as it counts here. */
export interface HostInfo {
    /** The host's name. */
    Name?: string;
    /** The host's cores. */
    NCPU: number;
    /** The host's memory, in bytes. */
    MemTotal: number;
    /** The host's clock. */
    SystemTime: string;
    /** Whether the host can limit the processes of a container; an old daemon does not say. */
    PidsLimit?: boolean;
    /** The log driver of containers that name none. */
    LoggingDriver?: string;
    /** The storage driver. */
    Driver?: string;
    /** What the storage driver says of itself, as names and values. */
    DriverStatus?: [name: string, value: string][];
    /** Only Podman has it. */
    BuildahVersion?: string;
    /** The devices that the daemon has found, where it looks for any. */
    DiscoveredDevices?: { ID: string }[];
}

/** Asks a daemon about its host. */
export async function readHostInfo(docker: Docker): Promise<HostInfo> {
    return (await docker.info()) as HostInfo;
}

/** The log drivers that keep output in files of a size that can be set. */
const filingDrivers = ["json-file", "local"];

/** Whether containers of this host can be told how much output to keep. Other log drivers refuse such options. */
export function limitsLogs({ LoggingDriver = "" }: HostInfo): boolean {
    return filingDrivers.includes(LoggingDriver);
}

/** Whether the host is Podman's, which limits the processes of each container itself, and changes that limit only while a container runs. */
export function isPodman({ BuildahVersion }: HostInfo): boolean {
    return BuildahVersion !== undefined;
}
