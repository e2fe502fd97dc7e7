import { DistributedSessionArgs } from "../args";
import { capacityOf, defaultCapacity, isPrivate, parseSubnet, prefixes } from "../docker/addressing";
import { DockerOptions } from "../docker/options";
import { Problem, show } from "../errors";
import * as is from "./checks";

const dockerProperties = ["subnet", "publish", "pidsLimit"];
const publishProperties = ["port", "hostPort", "hostIp"];

/** What is wrong with the settings of the Docker backend. */
export function validateDocker(options: DockerOptions, args: DistributedSessionArgs): Problem[] {
    const shape = is.known(dockerProperties)("docker", options);
    if (shape.length > 0 && (typeof options !== "object" || options === null)) {
        return shape;
    }
    const pids = is.number({ least: 16, most: 4_194_304, whole: true, allowed: "a whole number from 16 to 4194304" });
    return [
        ...shape,
        ...(options.subnet === undefined ? [] : validateSubnet(options.subnet)),
        ...(options.pidsLimit === undefined ? [] : pids("docker.pidsLimit", options.pidsLimit)),
        ...(options.publish === undefined ? [] : validatePublish(options, args)),
    ];
}

/** Whether all workers find an address in the session's subnet. */
export function validateCapacity(options: DockerOptions | undefined, n: unknown): Problem[] {
    const prefix = options?.subnet === undefined ? undefined : parseSubnet(options.subnet)?.prefix;
    const capacity = prefix === undefined ? defaultCapacity : capacityOf(prefix);
    if (typeof n !== "number" || !Number.isInteger(n) || n <= capacity || n > 10_000) {
        return [];
    }
    const where = prefix === undefined ? "the session's subnet" : `docker.subnet ${show(options?.subnet)}`;
    return [{ path: "workers.n", reason: `${n} is more than the ${capacity} that ${where} has addresses for` }];
}

function validateSubnet(text: string): Problem[] {
    const subnet = typeof text === "string" ? parseSubnet(text) : undefined;
    const fits = subnet !== undefined && subnet.prefix >= prefixes.shortest && subnet.prefix <= prefixes.longest;
    if (fits && isPrivate(subnet)) {
        return [];
    }
    const allowed = `a private IPv4 subnet from /${prefixes.shortest} to /${prefixes.longest}, such as "10.77.0.0/24"`;
    return [{ path: "docker.subnet", reason: `${show(text)} is not ${allowed}` }];
}

function validatePublish(options: DockerOptions, args: DistributedSessionArgs): Problem[] {
    if (!Array.isArray(options.publish)) {
        return [{ path: "docker.publish", reason: `${show(options.publish)} is not a list of published ports` }];
    }
    const hostPorts = options.publish.map((each) => each?.hostPort ?? each?.port);
    return options.publish.flatMap((each, index) => {
        const path = `docker.publish[${index}]`;
        const declared = Array.isArray(args.master?.ports) && args.master.ports.includes(each?.port);
        return [
            ...is.known(publishProperties)(path, each),
            ...is.portNumber(`${path}.port`, each?.port),
            ...(declared ? [] : [{ path: `${path}.port`, reason: `${show(each?.port)} is not one of master.ports` }]),
            ...(each?.hostPort === undefined ? [] : is.portNumber(`${path}.hostPort`, each.hostPort)),
            ...(hostPorts.slice(0, index).includes(each?.hostPort ?? each?.port)
                ? [{ path: `${path}.hostPort`, reason: `${show(hostPorts[index])} is taken by another published port` }]
                : []),
        ];
    });
}
