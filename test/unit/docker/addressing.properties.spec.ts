import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
    Subnet,
    addressOf,
    capacityOf,
    chooseSubnet,
    dynamicRangeOf,
    gatewayOf,
    groupCapacityOf,
    mostGroups,
    overlap,
    parseSubnet,
    prefixes,
    formatSubnet,
} from "../../../components/docker/addressing";

/** Subnets whose prefix lies between two others, anywhere. */
function subnets(shortest: number, longest: number): fc.Arbitrary<Subnet> {
    return fc
        .tuple(fc.integer({ min: shortest, max: longest }), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([prefix, place]) => ({
            prefix,
            base: Math.min(2 ** prefix - 1, Math.floor(place * 2 ** prefix)) * 2 ** (32 - prefix),
        }));
}

function single(address: string): Subnet {
    return parseSubnet(`${address}/32`)!;
}

describe("every subnet that a session may have", () => {
    const allowed = subnets(prefixes.shortest, prefixes.longest);
    const rank = fc.double({ min: 0, max: 1, noNaN: true });

    it("holds each engine, outside of the gateway and of what Docker hands out", () => {
        fc.assert(
            fc.property(allowed, rank, (subnet, share) => {
                const engine = single(addressOf(subnet, Math.round(share * capacityOf(subnet.prefix))));
                assert.ok(overlap(engine, subnet));
                assert.ok(!overlap(engine, single(gatewayOf(subnet))));
                assert.ok(!overlap(engine, parseSubnet(dynamicRangeOf(subnet))!));
                assert.notEqual(engine.base, subnet.base);
            }),
            { numRuns: 1000 },
        );
    });

    it("has all its capacity below what Docker hands out, and no room for one more", () => {
        fc.assert(
            fc.property(allowed, (subnet) => {
                const dynamic = parseSubnet(dynamicRangeOf(subnet))!;
                assert.equal(single(addressOf(subnet, capacityOf(subnet.prefix) + 1)).base, dynamic.base);
            }),
        );
    });

    it("gives engines of different ranks different addresses", () => {
        fc.assert(
            fc.property(allowed, fc.nat(65_535), fc.nat(65_535), (subnet, one, other) => {
                assert.equal(addressOf(subnet, one) === addressOf(subnet, other), one === other);
            }),
        );
    });

    it("gives engines of different groups different addresses, however many groups there are", () => {
        const place = fc.option(fc.nat(mostGroups - 1), { nil: undefined });
        const engine = fc.tuple(place, rank);
        fc.assert(
            fc.property(allowed, engine, engine, (subnet, [onePlace, oneShare], [otherPlace, otherShare]) => {
                const most = (of?: number) =>
                    of === undefined ? capacityOf(subnet.prefix, mostGroups) : groupCapacityOf(subnet.prefix);
                const one = 1 + Math.floor(oneShare * (most(onePlace) - 1));
                const other = 1 + Math.floor(otherShare * (most(otherPlace) - 1));
                const isSame = onePlace === otherPlace && one === other;
                assert.equal(addressOf(subnet, one, onePlace) === addressOf(subnet, other, otherPlace), isSame);
                assert.ok(!overlap(single(addressOf(subnet, one, onePlace)), parseSubnet(dynamicRangeOf(subnet))!));
            }),
            { numRuns: 1000 },
        );
    });

    it("keeps gateway and Docker's own range within itself and apart", () => {
        fc.assert(
            fc.property(allowed, (subnet) => {
                const dynamic = parseSubnet(dynamicRangeOf(subnet))!;
                assert.ok(overlap(dynamic, subnet) && dynamic.prefix > subnet.prefix);
                assert.ok(!overlap(dynamic, single(gatewayOf(subnet))));
            }),
        );
    });
});

describe("every subnet", () => {
    it("is read as it was written", () => {
        fc.assert(fc.property(subnets(0, 32), (subnet) => assert.deepEqual(parseSubnet(formatSubnet(subnet)), subnet)));
    });

    it("is read from any text without an exception", () => {
        fc.assert(fc.property(fc.string(), (text) => void parseSubnet(text)));
    });
});

describe("the subnet that a session chooses", () => {
    it("overlaps nothing that is taken", () => {
        const inTen = subnets(9, 32).map(({ base, prefix }) => ({
            prefix,
            base: (base % 2 ** 24) + 10 * 2 ** 24,
        }));
        fc.assert(
            fc.property(fc.string(), fc.array(inTen, { maxLength: 20 }), (identity, taken) => {
                const chosen = chooseSubnet(identity, taken);
                assert.ok(chosen === undefined || !taken.some((other) => overlap(chosen, other)));
            }),
            { numRuns: 300 },
        );
    });

    it("changes when its first choice is taken, and never to one that is taken too", () => {
        fc.assert(
            fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (identity, count) => {
                const taken: Subnet[] = [];
                for (let each = 0; each < count; each++) {
                    const chosen = chooseSubnet(identity, taken)!;
                    assert.ok(!taken.some((other) => overlap(chosen, other)));
                    taken.push(chosen);
                }
            }),
        );
    });
});
