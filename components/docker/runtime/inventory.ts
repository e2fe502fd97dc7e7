import * as pulumi from "@pulumi/pulumi";
import type { ContainerInfo } from "dockerode";
import type { Docker } from "../dockerode";
import { aliasOf, label } from "../../model/labels";
import { FoundEngine } from "../../observing/replacements";
import { ContainerState, inspectContainer } from "./containerState";
import { Subnet, parseSubnet } from "../addressing";
import { Owner, owns } from "../owner";
import { HostInfo, isPodman, readHostInfo } from "./hostInfo";

/** A container of a session that is on the host already. */
export interface FoundContainer extends FoundEngine {
    id: string;
    name: string;
    /** The address that it asks for. */
    ip?: string;
}

/** The network of a session that is on the host already. */
export interface FoundNetwork {
    id: string;
    name: string;
    token: string;
    subnet?: Subnet;
}

/** The volume of a session that is on the host already. */
export interface FoundVolume {
    name: string;
    token: string;
}

/** What a session has on a host. */
export interface Inventory {
    containers: FoundContainer[];
    networks: FoundNetwork[];
    /** The volumes for its shared folder. */
    volumes: FoundVolume[];
}

/** Finds what a session has on a host by its labels. A container that no `up` attended is a leftover. */
export async function takeInventory(
    docker: Docker,
    owner: Owner,
    pidsLimit: number,
    info?: HostInfo,
): Promise<Inventory> {
    const host = info ?? (await readHostInfo(docker));
    if (host.PidsLimit === false) {
        void pulumi.log.debug(
            "The Docker host cannot limit the processes of a container, so leftovers are not recognized.",
        );
    }
    const filters = { label: [`${label.session}=${owner.name}`] };
    const isOwn = ({ Labels }: { Labels?: Record<string, string> }) => owns(owner, Labels);
    const networks = (await docker.listNetworks({ filters })).filter(isOwn);
    const containers = await listOwn(docker, owner);
    const { Volumes: volumes } = await docker.listVolumes({ filters });
    return {
        volumes: (volumes ?? []).filter(isOwn).map(({ Name, Labels }) => ({ name: Name, token: tokenIn(Labels) })),
        networks: networks.map(({ Id: id, Name: name, Labels, IPAM }) => {
            return { id, name, token: tokenIn(Labels), subnet: parseSubnet(IPAM?.Config?.[0]?.Subnet ?? "") };
        }),
        containers: await Promise.all(
            containers.map(async ({ Id: id, Names, Labels, NetworkSettings }) => {
                const state = await inspectContainer(docker, id);
                return {
                    id,
                    name: Names[0]?.replace(/^\//, "") ?? id,
                    rank: Number(Labels[label.rank]),
                    group: Labels[label.group],
                    ip: askedAddressIn(NetworkSettings),
                    token: tokenIn(Labels),
                    state,
                    isLeftover: !isAttended(state, pidsLimit, host),
                };
            }),
        ),
    };
}

/** The limit that Podman gives a container by default (containers.conf, pids_limit). */
const podmanPidsLimit = 2048;

/**
 * Whether an `up` went on with a container after its creation: the first thing that a container then gets is a limit on its processes.
 * Podman limits each container from the start, so there its default does not count. A host without such limits shows nothing.
 */
function isAttended({ pidsLimit }: ContainerState, own: number, host: HostInfo): boolean {
    const isOwn = !isPodman(host) || pidsLimit === own || pidsLimit !== podmanPidsLimit;
    return host.PidsLimit === false || (pidsLimit > 0 && isOwn);
}

/** The address that a container asks for: one that is stopped has no other. */
function askedAddressIn(settings: Docker.ContainerInfo["NetworkSettings"] | undefined): string | undefined {
    const [network] = Object.values(settings?.Networks ?? {});
    return (network?.IPAMConfig as { IPv4Address?: string } | null | undefined)?.IPv4Address;
}

function tokenIn(labels: Record<string, string> | undefined): string {
    return labels?.[label.generation] ?? "";
}

/** The containers of a session in any state, as far as they pass these filters too. */
export async function listOwn(
    docker: Docker,
    owner: Owner,
    filters: { label?: string[]; status?: string[] } = {},
): Promise<ContainerInfo[]> {
    const own = [`${label.session}=${owner.name}`, ...(filters.label ?? [])];
    const containers = await docker.listContainers({ all: true, filters: { ...filters, label: own } });
    return containers.filter(({ Labels }) => owns(owner, Labels));
}

/** The aliases of the workers that a session has on a host, in any state. */
export async function workerAliases(docker: Docker, owner: Owner): Promise<Set<string>> {
    const workers = await listOwn(docker, owner, { label: [`${label.role}=worker`] });
    return new Set(
        workers.map(({ Labels }) => aliasOf({ rank: Number(Labels[label.rank]), group: Labels[label.group] })),
    );
}
