import type Docker from "dockerode";
import { label } from "../../components/model/labels";

/** A container or a network of a host that a test plays. */
export interface PlayedObject {
    id: string;
    name?: string;
    labels?: Record<string, string>;
    /** Of a network: its subnet. */
    subnet?: string;
    /** Of a container: the address that it asks for. */
    ip?: string;
    /** Of a container: whether it runs. Default: it does. */
    isRunning?: boolean;
    /** Of a container: what the daemon says of its limit on processes. */
    pidsLimit?: number | null;
    /** Of a container: whether it is gone by the time of its inspection. */
    isGone?: boolean;
}

/** What the state of the played session alone has. */
export const playedUid = "0123456789abcdef0123456789abcdef";

/** The labels of something of a session `p/s/s`; without a rank, those of its network. */
export function labelsOf(generation: string, rank?: number, session = "p/s/s"): Record<string, string> {
    const engine = { [label.role]: rank === 0 ? "master" : "worker", [label.rank]: String(rank) };
    return { [label.session]: session, [label.generation]: generation, ...(rank === undefined ? {} : engine) };
}

/** A Docker host with these containers and networks, which lists, describes and removes them. */
export class PlayedDocker {
    containers: PlayedObject[] = [];
    networks: PlayedObject[] = [];
    volumes: PlayedObject[] = [];
    /** What the daemon says of the whole host. */
    info: Record<string, unknown> = { PidsLimit: true };
    /** The status codes that removals are refused with, by id; 0 is a lost connection. */
    readonly refusals: Record<string, number> = {};
    /** What was asked to be removed, each with the options. */
    readonly removals: [id: string, options?: unknown][] = [];

    get docker(): Docker {
        return {
            info: () => Promise.resolve(this.info),
            listContainers: ({ all, filters }: { all?: boolean; filters: Filters }) =>
                Promise.resolve(
                    this.containers
                        .filter(({ labels, isRunning = true }) => (all || isRunning) && fits(labels, filters))
                        .map(({ id, name, labels, ip }) => ({
                            Id: id,
                            Names: name ? [`/${name}`] : [],
                            Labels: labels,
                            NetworkSettings: { Networks: { n: { IPAMConfig: ip ? { IPv4Address: ip } : null } } },
                        })),
                ),
            listNetworks: ({ filters }: { filters: Filters }) =>
                Promise.resolve(
                    this.networks
                        .filter(({ labels }) => fits(labels, filters))
                        .map(({ id, name, labels, subnet: Subnet }) => {
                            return { Id: id, Name: name, Labels: labels, IPAM: { Config: [{ Subnet }] } };
                        }),
                ),
            listVolumes: ({ filters }: { filters: Filters }) =>
                Promise.resolve({
                    Volumes: this.volumes
                        .filter(({ labels }) => fits(labels, filters))
                        .map(({ id, labels }) => ({ Name: id, Labels: labels })),
                }),
            getVolume: (id: string) => ({ remove: () => this.remove(id) }),
            getContainer: (id: string) => ({
                inspect: () => this.inspect(id),
                remove: (options?: unknown) => this.remove(id, options),
            }),
            getNetwork: (id: string) => ({ remove: () => this.remove(id) }),
        } as unknown as Docker;
    }

    private inspect(id: string): Promise<unknown> {
        const { isGone = false, isRunning = true, pidsLimit } = this.containers.find((each) => each.id === id)!;
        const state = { Status: isRunning ? "running" : "exited", Running: isRunning, ExitCode: 0, StartedAt: "" };
        return isGone
            ? Promise.reject(refused(404))
            : Promise.resolve({ State: state, HostConfig: { PidsLimit: pidsLimit }, RestartCount: 0 });
    }

    private remove(id: string, options?: unknown): Promise<void> {
        this.removals.push(options === undefined ? [id] : [id, options]);
        return id in this.refusals ? Promise.reject(refused(this.refusals[id]!)) : Promise.resolve();
    }
}

type Filters = { label: string[] };

function fits(labels: Record<string, string> = {}, { label: wanted }: Filters): boolean {
    return wanted.every((each) => Object.entries(labels).some(([name, value]) => each === `${name}=${value}`));
}

/** An answer of the daemon that is an error; 0 is no answer. */
function refused(statusCode: number): Error {
    return Object.assign(new Error("no"), statusCode === 0 ? { code: "ECONNRESET" } : { statusCode });
}
