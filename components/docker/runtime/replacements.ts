import type { Docker } from "../dockerode";
import { planReplacements } from "../../observing/replacements";
import { aliasOf } from "../../model/labels";
import { Plan, enginesOf } from "../../model/plan";
import { Subnet } from "../addressing";
import { engineAddressOf } from "../engineAddress";
import { uidIn, withOpenFolders } from "../generation";
import { FoundContainer, FoundNetwork, FoundVolume, Inventory } from "./inventory";

/** What happens to the containers and networks that a session has on a host. */
export interface HostReplacements {
    containers: FoundContainer[];
    networks: FoundNetwork[];
    /** The failed containers that are recreated. */
    recreated: FoundContainer[];
    /** The token of the network; a change of it forces replacement. */
    network: string;
    /** The same of the engines, by alias. */
    engines: ReadonlyMap<string, string>;
}

/** What the resources of a session need to know of its host. */
export interface HostFindings {
    /** The subnet that the session gets. */
    subnet: Subnet;
    /** Whether the host can be told how much output of an engine to keep. */
    limitsLogs: boolean;
    /** The entrypoints of images, by their names, where engines need them. */
    entrypoints: ReadonlyMap<string, readonly string[]>;
    /** The network's token. */
    networkToken: string;
    /** The token of each engine, by alias. */
    engineTokens: ReadonlyMap<string, string>;
}

/** The findings of a host on which so much is replaced. */
export function findingsOf(
    { subnet, limitsLogs, entrypoints }: Pick<HostFindings, "subnet" | "limitsLogs" | "entrypoints">,
    { network, engines }: HostReplacements,
): HostFindings {
    return { subnet, limitsLogs, entrypoints, networkToken: network, engineTokens: engines };
}

/**
 * Decides what is recreated, with a token that nothing had before, and what is removed first. A network without an attended engine may be a
 * leftover too.
 */
export function planHostReplacements(
    plan: Plan,
    { containers, networks }: Omit<Inventory, "volumes">,
    fresh: string,
): HostReplacements {
    const { removed, recreated, tokens } = planReplacements(plan, containers, withOpenFolders(fresh));
    const [network] = networks;
    const isKept = containers.some(({ isLeftover }) => !isLeftover) && network !== undefined;
    return {
        containers: removed.filter(isRemovable),
        networks: isKept ? [] : networks.filter(isRemovable),
        recreated,
        network: isKept ? network.token : fresh,
        engines: tokens,
    };
}

/** Whether something is the session's for certain. Without a uid, it may be another's of the same name, and Pulumi alone removes it. */
function isRemovable({ token }: { token: string }): boolean {
    return uidIn(token) !== undefined;
}

/**
 * The containers at an address that another engine gets, such as those of a group that is no longer in its place of the list. Pulumi would
 * delete them last, and the daemon gives no address twice.
 */
export function findInTheWay(
    plan: Plan,
    { containers, networks: [network] }: Omit<Inventory, "volumes">,
): FoundContainer[] {
    const subnet = network?.subnet;
    if (subnet === undefined) {
        return [];
    }
    const owners = new Map(enginesOf(plan).map((engine) => [engineAddressOf(plan, engine, subnet), engine]));
    return containers.filter((each) => {
        const owner = owners.get(each.ip ?? "");
        const isOfGroup = each.group !== undefined || owner?.template.group !== undefined;
        return isOfGroup && owner !== undefined && owner.alias !== aliasOf(each);
    });
}

/** Removes containers and networks, and returns the names of those that were still there. */
export async function removeOld(
    docker: Docker,
    { containers, networks }: Pick<HostReplacements, "containers" | "networks">,
): Promise<string[]> {
    const removed: string[] = [];
    for (const { id, name } of containers) {
        if (await removeIfThere(() => docker.getContainer(id).remove({ force: true, v: true }))) {
            removed.push(`the container ${name}`);
        }
    }
    for (const { id, name } of networks) {
        if (await removeIfThere(() => docker.getNetwork(id).remove())) {
            removed.push(`the network ${name}`);
        }
    }
    return removed;
}

/** Removes volumes, and returns the names of those that were still there. Docker keeps one that a container has. */
export async function removeVolumes(docker: Docker, volumes: FoundVolume[]): Promise<string[]> {
    const removed: string[] = [];
    for (const { name } of volumes.filter(isRemovable)) {
        if (await removeIfThere(() => docker.getVolume(name).remove())) {
            removed.push(`the volume ${name}`);
        }
    }
    return removed;
}

/** Removes something, and returns whether it was there. It may be gone, or terminating. */
async function removeIfThere(remove: () => Promise<unknown>): Promise<boolean> {
    try {
        await remove();
        return true;
    } catch (error) {
        const { statusCode } = error as { statusCode?: number };
        if (statusCode === 404 || statusCode === 409) {
            return false;
        }
        throw error;
    }
}
