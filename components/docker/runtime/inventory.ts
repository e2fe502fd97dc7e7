import type { Docker } from "../dockerode";
import { label } from "../../model/labels";
import { FoundEngine } from "../../observing/replacements";
import { inspectContainer } from "./containerState";

/** A container of a session that is on the host already. */
export interface FoundContainer extends FoundEngine {
    id: string;
    name: string;
}

/** The network of a session that is on the host already. */
export interface FoundNetwork {
    id: string;
    name: string;
    token: string;
}

/** What a session has on a host. */
export interface Inventory {
    containers: FoundContainer[];
    networks: FoundNetwork[];
}

/**
 * Finds what a session has on a host by its label. A container without a limit on its processes is a leftover: each gets one as soon as the
 * program is told of it, on a host that knows such limits.
 */
export async function takeInventory(docker: Docker, identity: string): Promise<Inventory> {
    const { PidsLimit: limitsPids } = (await docker.info()) as { PidsLimit?: boolean };
    const filters = { label: [`${label.session}=${identity}`] };
    const networks = await docker.listNetworks({ filters });
    const containers = await docker.listContainers({ all: true, filters });
    return {
        networks: networks.map(({ Id: id, Name: name, Labels }) => ({ id, name, token: tokenIn(Labels) })),
        containers: await Promise.all(
            containers.map(async ({ Id: id, Names, Labels }) => {
                const state = await inspectContainer(docker, id);
                return {
                    id,
                    name: Names[0]?.replace(/^\//, "") ?? id,
                    rank: Number(Labels[label.rank]),
                    token: tokenIn(Labels),
                    state,
                    isLeftover: limitsPids !== false && state.pidsLimit <= 0,
                };
            }),
        ),
    };
}

function tokenIn(labels: Record<string, string> | undefined): string {
    return labels?.[label.generation] ?? "";
}

/** The ranks of the workers that a session has on a host, in whatever state. */
export async function workerRanks(docker: Docker, identity: string): Promise<Set<number>> {
    const filters = { label: [`${label.session}=${identity}`, `${label.role}=worker`] };
    const containers = await docker.listContainers({ all: true, filters });
    return new Set(containers.map(({ Labels }) => Number(Labels[label.rank])));
}
