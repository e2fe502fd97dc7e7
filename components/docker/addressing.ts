import * as crypto from "crypto";

/** An IPv4 range. */
export interface Subnet {
    /** Its first address, as a number. */
    base: number;
    /** How many of the 32 bits are fixed. */
    prefix: number;
}

/** The prefixes that a session's subnet may have: from 65,536 down to 16 addresses. */
export const prefixes = { shortest: 16, longest: 28 };

const defaultPool: Subnet = { base: 10 * 2 ** 24, prefix: 8 };
// 893 workers fit, and a Linux bridge holds 1,023 containers at most.
export const defaultPrefix = 22;
const gatewayIndex = 1;
const masterIndex = 2;
// The top eighth of the subnet is what Docker hands out to containers that ask for no address. Engines stay below it.
const dynamicBits = 3;

/** How many groups besides `workers` may have addresses of their own. */
export const mostGroups = 7;

/** Parses `a.b.c.d/p`; undefined for any other text, and where bits are set behind the prefix. */
export function parseSubnet(text: string): Subnet | undefined {
    const subnet = readCidr(text);
    return subnet !== undefined && subnet.base % sizeOf(subnet) === 0 ? subnet : undefined;
}

/** The subnet of an address that is written `a.b.c.d/p`. */
export function networkOf(text: string): Subnet | undefined {
    const address = readCidr(text);
    return address && { ...address, base: address.base - (address.base % sizeOf(address)) };
}

function readCidr(text: string): Subnet | undefined {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
    if (match === null) {
        return undefined;
    }
    const [bytes, prefix] = [match.slice(1, 5).map(Number), Number(match[5])];
    const base = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    return bytes.every((byte) => byte <= 255) && prefix <= 32 ? { base, prefix } : undefined;
}

/** Formats a subnet as `a.b.c.d/p`. */
export function formatSubnet({ base, prefix }: Subnet): string {
    return `${formatAddress(base)}/${prefix}`;
}

/** Whether two subnets share an address. */
export function overlap(a: Subnet, b: Subnet): boolean {
    return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}

/** Whether a subnet lies in the ranges for private use (RFC 1918). */
export function isPrivate(subnet: Subnet): boolean {
    return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].some((text) => {
        const range = parseSubnet(text)!;
        return subnet.prefix >= range.prefix && overlap(subnet, range);
    });
}

/** The gateway's address in a session's subnet. */
export function gatewayOf(subnet: Subnet): string {
    return formatAddress(subnet.base + gatewayIndex);
}

/** The part of a session's subnet that Docker hands out by itself. */
export function dynamicRangeOf(subnet: Subnet): string {
    const size = sizeOf(subnet) / 2 ** dynamicBits;
    return formatSubnet({ base: subnet.base + sizeOf(subnet) - size, prefix: subnet.prefix + dynamicBits });
}

/**
 * The address of an engine. It depends on the rank and on the place of its group alone, so a resize moves no engine. The master and
 * `workers`, without such a place, count from the lower end; a group has the block below that of the group before it, from the upper end on.
 */
export function addressOf(subnet: Subnet, rank: number, groupPlace?: number): string {
    const below = groupPlace === undefined ? 0 : capacityOf(subnet.prefix, groupPlace + 1);
    return formatAddress(subnet.base + masterIndex + below + rank);
}

/** How many of `workers` have an address in a subnet, beside so many groups. */
export function capacityOf(prefix: number, groups = 0): number {
    return workerAddressesOf(prefix) - groups * groupCapacityOf(prefix);
}

/** How many workers of a group besides `workers` have an address in a subnet: an eighth of all. */
export function groupCapacityOf(prefix: number): number {
    return Math.floor(workerAddressesOf(prefix) / (mostGroups + 1));
}

/** How many addresses workers have in a subnet. */
function workerAddressesOf(prefix: number): number {
    const size = 2 ** (32 - prefix);
    return size - size / 2 ** dynamicBits - masterIndex - 1;
}

/**
 * A subnet for a session that overlaps none of those taken. The search starts at a place that the seed decides, so that two sessions that start
 * at the same moment choose different subnets.
 */
export function chooseSubnet(seed: string, taken: Subnet[]): Subnet | undefined {
    const count = 2 ** (defaultPrefix - defaultPool.prefix);
    const start = crypto.createHash("sha256").update(seed).digest().readUInt32BE(0) % count;
    for (let step = 0; step < count; step++) {
        const index = (start + step) % count;
        const subnet = { base: defaultPool.base + index * 2 ** (32 - defaultPrefix), prefix: defaultPrefix };
        if (!taken.some((other) => overlap(subnet, other))) {
            return subnet;
        }
    }
    return undefined;
}

function sizeOf({ prefix }: Pick<Subnet, "prefix"> & Partial<Subnet>): number {
    return 2 ** (32 - prefix);
}

function formatAddress(address: number): string {
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
