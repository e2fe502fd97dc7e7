import { BlockList, isIP, isIPv6 } from "net";
import { PublishedPort } from "../model/args";
import { Check, listOf, objectOf, optional, required, that } from "./checkObject";
import * as is from "./checks";

/** Multicast and broadcast, to which no program can be bound. */
const noHost = new BlockList();
noHost.addSubnet("224.0.0.0", 4);
noHost.addAddress("255.255.255.255");
noHost.addSubnet("ff00::", 8, "ipv6");

function isHostAddress(value: unknown): boolean {
    return typeof value === "string" && isIP(value) !== 0 && !noHost.check(value, isIPv6(value) ? "ipv6" : "ipv4");
}

const portChecks = {
    port: required(is.portNumber),
    hostPort: optional(is.portNumber),
    hostIp: optional(that(isHostAddress, "an IP address that a host may have")),
} satisfies Record<keyof PublishedPort, Check>;

/** What published ports must be. A backend checks what only it has. */
export const publish = optional(listOf(required(objectOf(portChecks)), "a list of published ports"));
