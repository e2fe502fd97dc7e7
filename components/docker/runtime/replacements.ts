import type { Docker } from "../dockerode";
import { freshToken, planReplacements } from "../../observing/replacements";
import { Plan } from "../../model/plan";
import { FoundContainer, FoundNetwork, Inventory } from "./inventory";

/** What becomes of that which a session has on a host. */
export interface HostReplacements {
    containers: FoundContainer[];
    networks: FoundNetwork[];
    /** The containers that have failed and are made anew. */
    recreated: FoundContainer[];
    /** The word on the network that changes when it is to be made anew. */
    network: string;
    /** The same of the engines, by rank. */
    engines: ReadonlyMap<number, string>;
}

/** Decides what is made anew, and what is removed first. A network in which no engine was seen to may be a leftover too. */
export function planHostReplacements(
    plan: Plan,
    { containers, networks }: Inventory,
    hostTime: number,
): HostReplacements {
    const fresh = freshToken(hostTime);
    const { removed, recreated, tokens } = planReplacements(plan, containers, fresh);
    const [network] = networks;
    const isKept = containers.some(({ isLeftover }) => !isLeftover) && network !== undefined;
    return {
        containers: removed,
        networks: isKept ? [] : networks,
        recreated,
        network: isKept ? network.token : fresh,
        engines: tokens,
    };
}

/** Removes what is to be removed, and tells the names of it. Something that is gone by itself is not told. */
export async function removeOld(
    docker: Docker,
    { containers, networks }: Pick<HostReplacements, "containers" | "networks">,
): Promise<string[]> {
    const removed: string[] = [];
    for (const { id, name } of containers) {
        if (await isThere(() => docker.getContainer(id).remove({ force: true, v: true }))) {
            removed.push(`the container ${name}`);
        }
    }
    for (const { id, name } of networks) {
        if (await isThere(() => docker.getNetwork(id).remove())) {
            removed.push(`the network ${name}`);
        }
    }
    return removed;
}

/** Whether there was something to remove: it may be gone, or going at this moment. */
async function isThere(remove: () => Promise<unknown>): Promise<boolean> {
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
