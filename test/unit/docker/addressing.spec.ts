import assert from "node:assert/strict";
import {
    Subnet,
    addressOf,
    capacityOf,
    chooseSubnet,
    defaultPrefix,
    dynamicRangeOf,
    gatewayOf,
    isPrivate,
    overlap,
    parseSubnet,
    formatSubnet,
} from "../../../components/docker/addressing";

function subnet(text: string): Subnet {
    const parsed = parseSubnet(text);
    assert.ok(parsed, text);
    return parsed;
}

describe("a subnet's text", () => {
    it("is read as a base and a prefix", () => {
        assert.deepEqual(parseSubnet("10.77.1.0/24"), { base: 0x0a4d0100, prefix: 24 });
        assert.deepEqual(parseSubnet("255.255.255.255/32"), { base: 2 ** 32 - 1, prefix: 32 });
        assert.deepEqual(parseSubnet("0.0.0.0/0"), { base: 0, prefix: 0 });
    });

    for (const text of [
        "",
        "10.0.0.0",
        "10.0.0/24",
        "10.0.0.256/32",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.1/24",
        "10.0.4.0/21",
        " 10.0.0.0/24",
        "10.0.0.0/24\n",
        "fd00::/64",
    ]) {
        it(`is not ${JSON.stringify(text)}`, () => assert.equal(parseSubnet(text), undefined));
    }

    for (const text of ["10.77.1.0/24", "192.168.255.240/28", "0.0.0.0/0"]) {
        it(`is written as it was read: ${text}`, () => assert.equal(formatSubnet(subnet(text)), text));
    }
});

describe("two subnets", () => {
    for (const [one, other, expected] of [
        ["10.0.0.0/24", "10.0.0.0/24", true],
        ["10.0.0.0/8", "10.77.0.0/24", true],
        ["10.0.0.0/24", "10.0.1.0/24", false],
        ["10.0.0.128/25", "10.0.0.0/25", false],
        ["10.0.0.128/25", "10.0.0.255/32", true],
        ["0.0.0.0/0", "192.168.0.0/16", true],
    ] as const) {
        it(`${expected ? "overlap" : "do not overlap"}: ${one} and ${other}`, () => {
            assert.equal(overlap(subnet(one), subnet(other)), expected);
            assert.equal(overlap(subnet(other), subnet(one)), expected);
        });
    }
});

describe("a subnet for private use", () => {
    for (const [text, expected] of [
        ["10.0.0.0/8", true],
        ["10.255.255.0/24", true],
        ["172.16.0.0/12", true],
        ["172.31.255.0/24", true],
        ["172.32.0.0/24", false],
        ["192.168.7.0/24", true],
        ["192.169.0.0/24", false],
        ["192.0.0.0/8", false],
        ["8.8.8.0/24", false],
        ["0.0.0.0/0", false],
    ] as const) {
        it(`is ${expected ? "" : "not "}${text}`, () => assert.equal(isPrivate(subnet(text)), expected));
    }
});

describe("the layout of a session's subnet", () => {
    for (const [text, gateway, master, first, last, dynamic] of [
        ["10.77.0.0/28", "10.77.0.1", "10.77.0.2", "10.77.0.3", "10.77.0.13", "10.77.0.14/31"],
        ["10.77.4.0/22", "10.77.4.1", "10.77.4.2", "10.77.4.3", "10.77.7.127", "10.77.7.128/25"],
        ["172.20.0.0/16", "172.20.0.1", "172.20.0.2", "172.20.0.3", "172.20.223.255", "172.20.224.0/19"],
    ] as const) {
        it(`puts gateway, master, workers and Docker's own range one after the other in ${text}`, () => {
            const range = subnet(text);
            assert.deepEqual(
                {
                    gateway: gatewayOf(range),
                    master: addressOf(range, 0),
                    first: addressOf(range, 1),
                    last: addressOf(range, capacityOf(range.prefix)),
                    dynamic: dynamicRangeOf(range),
                },
                { gateway, master, first, last, dynamic },
            );
        });
    }

    it("has room for 893 workers when nobody asked for a subnet", () => {
        assert.equal(capacityOf(defaultPrefix), 893);
        assert.equal(capacityOf(chooseSubnet("p/s/n", [])!.prefix), 893);
    });
});

describe("the subnet that a session chooses", () => {
    it("is the same each time", () => {
        assert.deepEqual(chooseSubnet("p/s/n", []), chooseSubnet("p/s/n", []));
    });

    it("is another one for another session", () => {
        assert.notDeepEqual(chooseSubnet("p/s/n", []), chooseSubnet("p/s/m", []));
    });

    it("is a /22 of 10.0.0.0/8", () => {
        const { base, prefix } = chooseSubnet("p/s/n", [])!;
        assert.equal(prefix, 22);
        assert.ok(overlap({ base, prefix }, subnet("10.0.0.0/8")));
    });

    it("is the next one where that is taken", () => {
        const first = chooseSubnet("p/s/n", [])!;
        const part = { base: first.base + 300, prefix: 32 };
        assert.deepEqual(chooseSubnet("p/s/n", [part]), { base: first.base + 1024, prefix: 22 });
    });

    it("is the last free one, wherever that is", () => {
        const all = Array.from({ length: 8 }, (_, bit) => ({ base: 10 * 2 ** 24 + 2 ** (23 - bit), prefix: 9 + bit }));
        // All of 10.0.0.0/8 but 10.0.0.0/16, and of that all but its first /22.
        const rest = Array.from({ length: 6 }, (_, bit) => ({
            base: 10 * 2 ** 24 + 2 ** (15 - bit),
            prefix: 17 + bit,
        }));
        assert.equal(formatSubnet(chooseSubnet("p/s/n", [...all, ...rest])!), "10.0.0.0/22");
    });

    it("is none where all of 10.0.0.0/8 is taken", () => {
        assert.equal(chooseSubnet("p/s/n", [subnet("10.0.0.0/8")]), undefined);
    });
});
