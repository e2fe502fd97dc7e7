import type Docker from "dockerode";
import assert from "node:assert/strict";
import { parseSubnet, formatSubnet } from "../../../../../components/docker/addressing";
import {
    TakenRange,
    readRoutes,
    settleSubnet,
    takenRanges,
} from "../../../../../components/docker/runtime/preflight/subnets";
import { playedUid } from "../../../../helpers/playedDocker";

function range(text: string, remote = false): TakenRange {
    return { subnet: parseSubnet(text)!, by: `the network "other"`, remote };
}

function settle(asked: string | undefined, ...taken: TakenRange[]): string {
    const settled = settleSubnet("p/s/n", asked, taken);
    return typeof settled === "string" ? settled : formatSubnet(settled);
}

describe("the subnet of a session", () => {
    it("is the one that was asked for, where it is free", () => {
        assert.equal(settle("10.77.0.0/24", range("10.78.0.0/24")), "10.77.0.0/24");
    });

    it("is refused where a network of the host overlaps it", () => {
        assert.equal(
            settle("10.77.0.0/24", range("10.76.0.0/24"), range("10.77.0.0/16")),
            '"10.77.0.0/24" overlaps the network "other" (10.77.0.0/16) of the Docker host; choose another subnet, or leave it out',
        );
    });

    it("may be a small piece of what a route to somewhere far covers", () => {
        assert.equal(settle("10.77.0.0/24", range("10.0.0.0/8", true)), "10.77.0.0/24");
    });

    it("is refused where it would hide a route to somewhere far", () => {
        assert.match(settle("10.77.0.0/24", range("10.77.0.0/24", true)), /^"10\.77\.0\.0\/24" overlaps /);
        assert.match(settle("10.77.0.0/24", range("10.77.0.7/32", true)), /^"10\.77\.0\.0\/24" overlaps /);
    });

    it("stays clear of routes as well, where nobody asked for one", () => {
        const first = settle(undefined);
        assert.notEqual(settle(undefined, range(first, true)), first);
        assert.notEqual(settle(undefined, range(first)), first);
    });

    it("lies within a far route that covers everything, and still beside the networks of the host", () => {
        const far = range("10.0.0.0/8", true);
        const first = settle(undefined, far);
        assert.match(first, /^10\..*\/22$/);
        assert.notEqual(settle(undefined, far, range(first)), first);
    });

    it("is none where the host's own networks leave nothing", () => {
        assert.equal(
            settle(undefined, range("10.0.0.0/8")),
            "every subnet of 10.0.0.0/8 is in use on the Docker host; name a free private one",
        );
    });
});

// In the form of Linux: a default route, a far one, two of Docker's bridges, the host's own network and one machine.
const routeTable = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT                                                       
eth0	00000000	0102A8C0	0003	0	0	100	00000000	0	0	0                                                                               
tun0	0000000A	0100080A	0003	0	0	50	000000FF	0	0	0                                                                            
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0                                                                            
br-a7e65bcf176e	0068CC0A	00000000	0001	0	0	0	00FCFFFF	0	0	0                                                                    
eth0	0002A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0                                                                            
eth0	0703A8C0	00000000	0005	0	0	100	FFFFFFFF	0	0	0                                                                            
`;

describe("the table of routes", () => {
    it("has the destinations, the devices and whether a gateway lies between, without the default route", () => {
        assert.deepEqual(
            readRoutes(routeTable).map(({ subnet, by, remote }) => [formatSubnet(subnet), by, remote]),
            [
                ["10.0.0.0/8", "the route through tun0", true],
                ["172.17.0.0/16", "the route through docker0", false],
                ["10.204.104.0/22", "the route through br-a7e65bcf176e", false],
                ["192.168.2.0/24", "the route through eth0", false],
                ["192.168.3.7/32", "the route through eth0", false],
            ],
        );
    });

    it("may be empty", () => {
        assert.deepEqual(readRoutes(""), []);
        assert.deepEqual(readRoutes(routeTable.split("\n")[0]!), []);
    });
});

describe("the ranges in use on a Docker host", () => {
    const network = (Name: string, session: string | undefined, ...subnets: (string | undefined)[]) => ({
        Name,
        Labels: session === undefined ? undefined : { "distributed-session.session": session },
        IPAM: { Config: subnets.map((Subnet) => ({ Subnet })) },
    });
    const withToken = (own: ReturnType<typeof network>, token: string) => ({
        ...own,
        Labels: { ...own.Labels, "distributed-session.generation": token },
    });
    const networks = [
        network("bridge", undefined, "172.17.0.0/16", "fd00::/64"),
        withToken(network("mine", "p/s/n", "10.1.0.0/22"), `x.${playedUid}`),
        network("theirs", "p/s/m", "10.2.0.0/22"),
        withToken(network("older", "p/s/n", "10.3.0.0/22"), "x"),
        withToken(network("namesake", "p/s/n", "10.4.0.0/22"), `x.${"f".repeat(32)}`),
        network("unset", undefined, undefined),
        { Name: "host", IPAM: { Config: null } },
    ];
    const docker = { listNetworks: () => Promise.resolve(networks) } as unknown as Docker;

    for (const [what, asked, mine] of [
        ["and one of its name without a uid, where the session asks for no subnet", undefined, ["10.3.0.0/22"]],
        ["and without one of its name and no uid, where the session asks for a subnet", "10.3.0.0/22", []],
    ] as const) {
        it(`are the IPv4 ranges of its networks, without the session's own, ${what}`, async () => {
            const owner = { name: "p/s/n", uid: playedUid };
            const taken = await takenRanges(docker, owner, { asked, isLocal: false });
            assert.deepEqual(
                taken.map(({ subnet }) => formatSubnet(subnet)),
                ["172.17.0.0/16", "10.2.0.0/22", ...mine, "10.4.0.0/22"],
            );
            assert.deepEqual([taken[0]!.by, taken[1]!.by], ['the network "bridge"', 'the network "theirs"']);
        });
    }
});
