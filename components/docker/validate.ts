import { isIP } from "net";
import { MasterSpec } from "../model/args";
import { Subnet, capacityOf, defaultCapacity, isPrivate, parseSubnet, prefixes } from "./addressing";
import { DockerOptions, PublishedPort } from "./options";
import { Problem, show } from "../model/errors";
import * as is from "../validation/checks";

const dockerProperties = ["subnet", "publish", "pidsLimit"];
/** A Linux bridge has this many ports. */
const mostOnBridge = 1023;
const publishProperties = ["port", "hostPort", "hostIp"];

/** What is wrong with the settings of the Docker backend. */
export function validateDocker(options: DockerOptions, master: MasterSpec): Problem[] {
    if (is.object("docker", options).length > 0) {
        return is.object("docker", options);
    }
    const pids = is.number({ least: 16, most: 4_194_304, whole: true, allowed: "a whole number from 16 to 4194304" });
    return [
        ...is.known(dockerProperties)("docker", options),
        ...(options.subnet === undefined ? [] : validateSubnet(options.subnet)),
        ...(options.pidsLimit === undefined ? [] : pids("docker.pidsLimit", options.pidsLimit)),
        ...(options.publish === undefined ? [] : validatePublish(options.publish, master)),
    ];
}

/** Whether all workers find an address in the session's subnet, and a place on its bridge. */
export function validateCapacity(options: DockerOptions | undefined, n: unknown): Problem[] {
    const asked = options?.subnet;
    const capacity = asked === undefined ? defaultCapacity : readSubnet(asked) && capacityOf(readSubnet(asked)!.prefix);
    if (capacity === undefined || typeof n !== "number" || !Number.isInteger(n) || n > 10_000) {
        return [];
    }
    if (n <= Math.min(capacity, mostOnBridge - 1)) {
        return [];
    }
    const where = asked === undefined ? "the session's subnet" : `docker.subnet ${show(asked)}`;
    const reason =
        capacity < mostOnBridge
            ? `${n} is more than the ${capacity} that ${where} has addresses for`
            : `${n} is more than the ${mostOnBridge - 1} that have a place beside the master on a Linux bridge`;
    return [{ path: "workers.n", reason }];
}

function validateSubnet(text: unknown): Problem[] {
    if (readSubnet(text) !== undefined) {
        return [];
    }
    const allowed = `a private IPv4 subnet from /${prefixes.shortest} to /${prefixes.longest}, such as "10.77.0.0/24"`;
    return [{ path: "docker.subnet", reason: `${show(text)} is not ${allowed}` }];
}

/** A subnet that a session may have. */
function readSubnet(text: unknown): Subnet | undefined {
    const subnet = typeof text === "string" ? parseSubnet(text) : undefined;
    const fits =
        subnet !== undefined &&
        isPrivate(subnet) &&
        subnet.prefix >= prefixes.shortest &&
        subnet.prefix <= prefixes.longest;
    return fits ? subnet : undefined;
}

function validatePublish(publish: unknown, master: MasterSpec): Problem[] {
    if (!Array.isArray(publish)) {
        return [{ path: "docker.publish", reason: `${show(publish)} is not a list of published ports` }];
    }
    const places = publish.map(placeOf);
    return publish.flatMap((each: PublishedPort, index) => {
        const path = `docker.publish[${index}]`;
        if (is.object(path, each).length > 0) {
            return is.object(path, each);
        }
        const isDeclared = Array.isArray(master?.ports) && master.ports.includes(each.port);
        const isTaken = places.slice(0, index).includes(places[index]!);
        const reason = `${show(each.hostPort ?? each.port)} is taken by another published port`;
        return [
            ...is.known(publishProperties)(path, each),
            ...is.portNumber(`${path}.port`, each.port),
            ...(isDeclared ? [] : [{ path: `${path}.port`, reason: `${show(each.port)} is not one of master.ports` }]),
            ...(each.hostPort === undefined ? [] : is.portNumber(`${path}.hostPort`, each.hostPort)),
            ...(each.hostIp === undefined || isIP(each.hostIp)
                ? []
                : [{ path: `${path}.hostIp`, reason: `${show(each.hostIp)} is not an IP address` }]),
            ...(isTaken ? [{ path: `${path}.hostPort`, reason }] : []),
        ];
    });
}

/** Where on the host a port is published. */
function placeOf(each: PublishedPort | undefined): string {
    return `${show(each?.hostIp ?? "127.0.0.1")}:${show(each?.hostPort ?? each?.port)}`;
}
