import type { Docker } from "../../dockerode";
import * as fs from "fs";
import { show } from "../../../model/errors";
import { Subnet, chooseSubnet, overlap, parseSubnet, formatSubnet } from "../../addressing";
import { Owner, owns, surelyOwns } from "../../owner";

/** A range that is in use on the Docker host. */
export interface TakenRange {
    subnet: Subnet;
    /** What uses it, for texts: `the network "bridge"`. */
    by: string;
    /** Whether it is a route through a gateway: a more specific subnet inside it is allowed. */
    remote: boolean;
}

/** The subnet for a session: the configured one, or else a free one. A string says why there is none. */
export function settleSubnet(seed: string, asked: string | undefined, taken: TakenRange[]): Subnet | string {
    if (asked !== undefined) {
        const subnet = parseSubnet(asked)!;
        const clash = taken.find(
            (range) => overlap(range.subnet, subnet) && (!range.remote || range.subnet.prefix >= subnet.prefix),
        );
        return clash === undefined
            ? subnet
            : `${show(asked)} overlaps ${clash.by} (${formatSubnet(clash.subnet)}) of the Docker host; choose another subnet, or leave it out`;
    }
    const all = taken.map((range) => range.subnet);
    // A company's network often routes all of 10.0.0.0/8 through a gateway. Then a small part of that is the best choice.
    const near = taken.filter((range) => !range.remote).map((range) => range.subnet);
    return (
        chooseSubnet(seed, all) ??
        chooseSubnet(seed, near) ??
        "every subnet of 10.0.0.0/8 is in use on the Docker host; name a free private one"
    );
}

/**
 * The ranges in use on a Docker host, without the session's own. A network of its name without a uid counts as its own only where it asks for a
 * subnet. Routes can be seen only where the daemon is on this machine.
 */
export async function takenRanges(
    docker: Docker,
    owner: Owner,
    { asked, isLocal }: { asked?: string; isLocal: boolean },
): Promise<TakenRange[]> {
    const isOwn = asked === undefined ? surelyOwns : owns;
    const networks = await docker.listNetworks();
    const ranges = networks.flatMap((network) =>
        (network.IPAM?.Config ?? []).flatMap((config) => {
            const subnet = parseSubnet(config.Subnet ?? "");
            const own = isOwn(owner, network.Labels);
            return subnet === undefined
                ? []
                : [{ subnet, by: `the network ${show(network.Name)}`, remote: false, own }];
        }),
    );
    const routes =
        isLocal && process.platform === "linux" ? readRoutes(fs.readFileSync("/proc/net/route", "utf8")) : [];
    // Each Docker network has a route too.
    const others = routes.filter(
        (route) => !ranges.some(({ subnet }) => formatSubnet(subnet) === formatSubnet(route.subnet)),
    );
    return [...ranges.filter((range) => !range.own), ...others];
}

/** The routes in the text of `/proc/net/route`, but for the default route. */
export function readRoutes(text: string): TakenRange[] {
    const lines = text.trim().split("\n").slice(1);
    return lines.flatMap((line) => {
        const [device, ...columns] = line.split(/\s+/);
        const [base, gateway, mask] = [columns[0], columns[1], columns[6]].map(littleEndian);
        if (base === undefined || gateway === undefined || !mask) {
            return [];
        }
        return [{ subnet: { base, prefix: ones(mask) }, by: `the route through ${device}`, remote: gateway !== 0 }];
    });
}

/** Reads an address as the kernel prints it: eight hex digits, the last byte first. */
function littleEndian(hex: string | undefined): number | undefined {
    return /^[0-9a-f]{8}$/i.test(hex ?? "") ? Buffer.from(hex!, "hex").readUInt32LE(0) : undefined;
}

function ones(mask: number): number {
    return mask.toString(2).split("1").length - 1;
}
