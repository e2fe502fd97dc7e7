import assert from "node:assert/strict";
import { HostInfo, limitsLogs } from "../../../../components/docker/runtime/hostInfo";

describe("a Docker host", () => {
    for (const [driver, isLimited] of [
        ["json-file", true],
        ["local", true],
        ["journald", false],
        ["none", false],
        [undefined, false],
    ] as const) {
        it(`is ${isLimited ? "" : "not "}told how much output to keep with the log driver ${driver}`, () => {
            assert.equal(limitsLogs({ LoggingDriver: driver } as HostInfo), isLimited);
        });
    }
});
