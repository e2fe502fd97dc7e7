import assert from "node:assert/strict";
import { coresToMillicores, coresToThreads, gibToMib, formatMib } from "../../../components/model/units";

describe("units", () => {
    for (const [gib, mib] of [
        [1, 1024],
        [0.5, 512],
        [6 / 1024, 6],
        [0.1, 102],
        [2.25, 2304],
    ] as const) {
        it(`counts ${gib} GiB as ${mib} MiB`, () => assert.equal(gibToMib(gib), mib));
    }

    for (const [cores, millicores] of [
        [1, 1000],
        [0.2, 200],
        [0.29, 290],
        [1.0004, 1000],
    ] as const) {
        it(`counts ${cores} cores as ${millicores} millicores`, () =>
            assert.equal(coresToMillicores(cores), millicores));
    }

    for (const [cores, threads] of [
        [0.2, 1],
        [1, 1],
        [1.9, 1],
        [2, 2],
        [16, 16],
    ] as const) {
        it(`runs ${threads} threads on ${cores} cores`, () => assert.equal(coresToThreads(cores), threads));
    }

    for (const [mib, said] of [
        [6, "6 MiB"],
        [1023, "1023 MiB"],
        [1024, "1 GiB"],
        [1536, "1.5 GiB"],
        [7961, "7.8 GiB"],
    ] as const) {
        it(`says ${mib} MiB as ${said}`, () => assert.equal(formatMib(mib), said));
    }
});
