import { BlockList, isIPv6 } from "net";
import { formatEndpoint } from "../endpoints";
import { DistributedSessionArgs, Egress, EngineSpec, PublishedPort, WorkerGroupSpec } from "../model/args";
import { Problem, show } from "../model/errors";
import { isLater } from "../model/inputs";
import { Check, Moved, objectOf, optional, that } from "../validation/checkObject";
import * as is from "../validation/checks";
import { CrossCheck } from "../validation/crossCheck";
import { enginePlaces, groupPath, workerPlaces } from "../validation/enginePlaces";
import {
    Subnet,
    capacityOf,
    defaultPrefix,
    formatSubnet,
    groupCapacityOf,
    isPrivate,
    mostGroups,
    networkOf,
    parseSubnet,
    prefixes,
} from "./addressing";
import { CompleteDocker, CompletePort, completePorts } from "./defaults";
import { DockerLog, DockerOptions } from "./options";

/** A Linux bridge has this many ports. */
const mostOnBridge = 1023;

const subnet: Check = (path, value, show) => {
    const expected = `a private IPv4 subnet from /${prefixes.shortest} to /${prefixes.longest}, such as "10.77.0.0/24"`;
    const network = typeof value === "string" ? networkOf(value) : undefined;
    const isNetwork = network === undefined || !isUsable(network) || parseSubnet(value as string) !== undefined;
    return isNetwork
        ? that((given) => typeof given === "string" && isUsable(parseSubnet(given)), expected)(path, value, show)
        : that(() => false, `the first address of its subnet; write "${formatSubnet(network)}"`)(path, value, show);
};

/** Whether a session may have this subnet. */
function isUsable(subnet: Subnet | undefined): boolean {
    return (
        subnet !== undefined &&
        isPrivate(subnet) &&
        subnet.prefix >= prefixes.shortest &&
        subnet.prefix <= prefixes.longest
    );
}

function familyOf(ip: string): "ipv4" | "ipv6" {
    return isIPv6(ip) ? "ipv6" : "ipv4";
}

const logChecks = {
    maxFileMib: optional(is.number({ least: 1, most: 1024, whole: true, expected: "a whole number from 1 to 1024" })),
    maxFiles: optional(is.number({ least: 2, most: 100, whole: true, expected: "a whole number from 2 to 100" })),
} satisfies Record<keyof DockerLog, Check>;

/** What the options of the Docker backend must be. */
export const dockerChecks = {
    subnet: optional(subnet),
    pidsLimit: optional(
        is.number({ least: 16, most: 4_194_304, whole: true, expected: "a whole number from 16 to 4194304" }),
    ),
    log: optional(objectOf(logChecks)),
} satisfies Record<keyof DockerOptions, Check>;

/** What was an option of Docker alone. */
export const movedFromDocker: Moved = { publish: "publish, an argument of the session on each backend" };

/** What the options must be beside each other and the other arguments. */
export function dockerCrossChecks(options: CompleteDocker, args: DistributedSessionArgs): CrossCheck[] {
    const { publish = [], workers, workerGroups = [], egress, readOnlyRoot = false } = args;
    return [
        { reads: ["publish", "egress"], problemsOf: () => validateReach(publish, egress) },
        { reads: ["publish"], problemsOf: () => validatePlaces(publish) },
        ...enginePlaces<EngineSpec>(args).map(({ path, spec: { disk } }) => ({
            reads: [`${path}.disk`, "readOnlyRoot"],
            problemsOf: () => (readOnlyRoot ? validateDisk(`${path}.disk`, disk) : []),
        })),
        {
            reads: ["docker.subnet", "workers.n"],
            problemsOf: () => validateCapacity(options, workers.n, workerGroups.length),
        },
        ...workerGroups.map(({ n }, index) => ({
            reads: ["docker.subnet", `${groupPath(index)}.n`],
            problemsOf: () => validateGroupCapacity(options, n, `${groupPath(index)}.n`),
        })),
        { reads: [], problemsOf: () => validateGroupCount(workerGroups.length) },
        {
            reads: ["docker.subnet", ...workerPlaces(args).map(({ path }) => `${path}.n`)],
            problemsOf: () => validateBridge(options, workers.n, workerGroups),
        },
    ];
}

const largerSubnet = "give a larger subnet as docker.subnet";

function prefixOf({ subnet }: CompleteDocker): number {
    return subnet === undefined ? defaultPrefix : parseSubnet(subnet)!.prefix;
}

/** The subnet of a session in words. */
function describeSubnet({ subnet }: CompleteDocker): string {
    return subnet === undefined ? "the session's subnet" : `docker.subnet ${show(subnet)}`;
}

/** Whether all of `workers` find an address in the session's subnet, below those of the other groups. */
function validateCapacity(options: CompleteDocker, n: number, groups: number): Problem[] {
    const capacity = capacityOf(prefixOf(options), Math.min(groups, mostGroups));
    const beside = groups === 0 ? "" : ` beside ${groups} of workerGroups; ${largerSubnet}`;
    const reason = `${n} is more than the ${capacity} that ${describeSubnet(options)} has addresses for${beside}`;
    return n > capacity && capacity < mostOnBridge ? [{ path: "workers.n", reason }] : [];
}

/** Whether all workers of a group find an address in its part of the session's subnet. */
function validateGroupCapacity(options: CompleteDocker, n: number, path: string): Problem[] {
    const capacity = groupCapacityOf(prefixOf(options));
    const reason = `${n} is more than the ${capacity} that ${describeSubnet(options)} has addresses for in each group; ${largerSubnet}`;
    return n > capacity ? [{ path, reason }] : [];
}

function validateGroupCount(groups: number): Problem[] {
    const reason = `${groups} groups are more than the ${mostGroups} that have addresses of their own on Docker; put workers that are alike into one group`;
    return groups > mostGroups ? [{ path: "workerGroups", reason }] : [];
}

/** Whether all workers find a place on the session's bridge. */
function validateBridge(options: CompleteDocker, n: number, groups: readonly WorkerGroupSpec[]): Problem[] {
    if (capacityOf(prefixOf(options)) < mostOnBridge) {
        return [];
    }
    const most = mostOnBridge - 1;
    const all = groups.reduce((sum, group) => sum + group.n, n);
    const place = "that have a place beside the master on a Linux bridge";
    if (n > most) {
        return [{ path: "workers.n", reason: `${n} is more than the ${most} ${place}` }];
    }
    const reason = `has, with workers, ${all} workers, more than the ${most} ${place}; lower an n`;
    return all > most ? [{ path: "workerGroups", reason }] : [];
}

/** What an engine with a read-only root writes is in volumes, and Docker limits none of them. */
function validateDisk(path: string, disk: EngineSpec["disk"]): Problem[] {
    const reason = `${isLater(disk) ? "is given" : show(disk)} with readOnlyRoot: on Docker such an engine writes in volumes and in memory, and volumes have no limit; remove disk or readOnlyRoot`;
    return disk === undefined ? [] : [{ path, reason }];
}

/** Docker publishes no port of a network that leads nowhere. */
function validateReach(publish: PublishedPort[], egress: Egress | undefined): Problem[] {
    const reason = `cannot be given with egress ${show(egress)}: Docker publishes no port of a network that leads nowhere; remove it, or set egress to ${show(Egress.Open)}`;
    return egress === Egress.Closed && publish.length > 0 ? [{ path: "publish", reason }] : [];
}

/** No two published ports take the same place of the host. */
function validatePlaces(publish: PublishedPort[]): Problem[] {
    const ports = completePorts(publish);
    return ports.flatMap((each, index) => {
        const taken = ports.slice(0, index).find((other) => collide(each, other));
        const collision = taken && `${placeOf(each)} is taken by another published port, ${placeOf(taken)}`;
        return collision === undefined ? [] : [{ path: `publish[${index}].hostPort`, reason: collision }];
    });
}

/** The addresses that stand for every address of their kind. */
const unspecified = new BlockList();
unspecified.addAddress("0.0.0.0");
unspecified.addAddress("::", "ipv6");

/** Whether two ports want the same place: an unspecified address, such as 0.0.0.0, takes the port on every address of its kind. */
function collide(one: CompletePort, other: CompletePort): boolean {
    const family = familyOf(one.hostIp);
    const shared = new BlockList();
    shared.addAddress(one.hostIp, family);
    const isAny = [one, other].some(({ hostIp }) => unspecified.check(hostIp, familyOf(hostIp)));
    return (
        one.hostPort === other.hostPort &&
        family === familyOf(other.hostIp) &&
        (isAny || shared.check(other.hostIp, family))
    );
}

function placeOf({ hostIp, hostPort }: CompletePort): string {
    return formatEndpoint(hostIp, hostPort);
}
