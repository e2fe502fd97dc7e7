import assert from "node:assert/strict";
import * as fc from "fast-check";
import { cpuQuantity, memoryMibOf, memoryQuantity } from "../../../components/kubernetes/quantities";

/** How the API server writes an amount: without a fraction, and with the largest unit that allows that. */
function canonical(amount: number, units: string[], step: number): string {
    const isWhole = amount % step === 0 && amount > 0 && units.length > 1;
    return isWhole ? canonical(amount / step, units.slice(1), step) : `${amount}${units[0]}`;
}

describe("an amount of CPU", () => {
    // As `kubectl create --dry-run=server` gives it back.
    for (const [cores, quantity] of [
        [0.001, "1m"],
        [0.2, "200m"],
        [0.29, "290m"],
        [1, "1"],
        [1.5, "1500m"],
        [64, "64"],
        [999, "999"],
        [1000, "1k"],
        [1500, "1500"],
        [10_000, "10k"],
    ] as const) {
        it(`of ${cores} cores is ${quantity}`, () => assert.equal(cpuQuantity(cores), quantity));
    }

    it("is always spelled as the API server gives it back", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(1, 10, 1000), (count, step) => {
                const milli = count * step;
                assert.equal(cpuQuantity(milli / 1000), canonical(milli, ["m", "", "k"], 1000));
            }),
        );
    });
});

describe("an amount of memory", () => {
    for (const [gib, quantity] of [
        [1 / 1024, "1Mi"],
        [6 / 1024, "6Mi"],
        [0.25, "256Mi"],
        [0.3, "307Mi"],
        [1, "1Gi"],
        [1.5, "1536Mi"],
        [1024, "1Ti"],
        [1_000_000, "1000000Gi"],
    ] as const) {
        it(`of ${gib} GiB is ${quantity}`, () => assert.equal(memoryQuantity(gib), quantity));
    }

    const mib = fc.integer({ min: 1, max: 1_024_000_000 });

    it("is always spelled as the API server gives it back", () => {
        fc.assert(
            fc.property(mib, (amount) => {
                assert.equal(memoryQuantity(amount / 1024), canonical(amount, ["Mi", "Gi", "Ti"], 1024));
            }),
        );
    });

    it("is read as it was written", () => {
        fc.assert(fc.property(mib, (amount) => assert.equal(memoryMibOf(memoryQuantity(amount / 1024)), amount)));
    });

    for (const [quantity, amount] of [
        ["1048576Ki", 1024],
        ["1000Ki", 1],
        ["1073741824", 1024],
        ["1.5Gi", 1536],
        ["2Ti", 2_097_152],
    ] as const) {
        it(`of ${quantity} is ${amount} MiB`, () => assert.equal(memoryMibOf(quantity), amount));
    }

    for (const quantity of [undefined, "", "lots", "1Pi", "1G"]) {
        it(`is not read in ${JSON.stringify(quantity)}`, () => assert.equal(memoryMibOf(quantity), undefined));
    }
});
