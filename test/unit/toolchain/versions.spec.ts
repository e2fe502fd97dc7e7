import assert from "node:assert/strict";
import { isAtLeast } from "../../../toolchain/versions";

describe("a version that is compared with a minimum", () => {
    for (const [version, minimum, expected] of [
        ["3.207.0", "3.207.0", true],
        ["v3.250.1", "3.207.0", true],
        ["3.99.0", "3.207.0", false],
        ["4.0.0", "3.207.0", true],
        ["3.250.0-alpha.1+abc", "3.207.0", true],
        ["3.207.0-alpha.1", "3.207.0", false],
        ["1.26", "1.26", true],
        ["1.26.3", "1.26", true],
        ["1.27rc1", "1.26", true],
        ["1.26rc1", "1.26", false],
        ["devel", "1.26", false],
        ["", "1.26", false],
    ] as const) {
        it(`is ${expected ? "at least" : "older than"} ${minimum} if it is "${version}"`, () => {
            assert.equal(isAtLeast(version, minimum), expected);
        });
    }
});
