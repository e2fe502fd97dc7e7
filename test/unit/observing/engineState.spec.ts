import assert from "node:assert/strict";
import { EngineState, quoteLines, formatFailure } from "../../../components/observing/engineState";

describe("the reason of a failure", () => {
    const table: [string, EngineState, string][] = [
        ["an exit code", { status: "failed", exitCode: 3 }, "ended with exit code 3"],
        ["exit code 128, which is no signal", { status: "failed", exitCode: 128 }, "ended with exit code 128"],
        ["a signal", { status: "failed", exitCode: 139 }, "ended with exit code 139, which is signal 11"],
        ["an early end", { status: "succeeded", exitCode: 0 }, "ended with exit code 0"],
        [
            "a kill for memory",
            { status: "failed", exitCode: 137, outOfMemory: true, memoryMib: 512 },
            "was killed because it used more memory than its limit of 512 MiB (exit code 137)",
        ],
        [
            "a kill for memory under an unknown limit",
            { status: "failed", exitCode: 137, outOfMemory: true },
            "was killed because it used more memory than its limit (exit code 137)",
        ],
        [
            "a program that is not there",
            { status: "failed", exitCode: 127, startError: "no such file", outOfMemory: true },
            "could not be started: no such file",
        ],
        [
            "what took it away",
            { status: "failed", exitCode: 143, isGone: true, takenAway: "was evicted from its node" },
            "was evicted from its node",
        ],
        [
            "the end of its time, whatever the program made of it",
            { status: "failed", exitCode: 143, outlived: 60, takenAway: "DeadlineExceeded", outOfMemory: true },
            "was ended after 60 s, as maxSeconds says",
        ],
        [
            "a good end of what is not to end",
            { status: "failed", exitCode: 0 },
            "ended with exit code 0, though it is not to end (workers.restart.always)",
        ],
        ["a good end", { status: "succeeded", exitCode: 0 }, "ended with exit code 0"],
        ["a container that was never started", { status: "stopped" }, "was never started"],
        ["a container that is gone", { status: "stopped", isGone: true }, "was removed outside Pulumi"],
    ];
    for (const [what, seen, said] of table) {
        it(`names ${what}`, () => assert.equal(formatFailure(seen), said));
    }
});

describe("the quotation of an output", () => {
    it("sets each line off", () => {
        assert.equal(quoteLines("one\n\n two\n\n", 20), "Its last lines:\n  | one\n  | \n  |  two");
    });

    it("takes each state of a progress bar for a line", () => {
        assert.equal(quoteLines("10%\r20%\r\ndone\r\n", 2), "Its last lines:\n  | 20%\n  | done");
    });

    it("holds the last lines only", () => {
        assert.equal(quoteLines("1\n2\n3\n4\n", 2), "Its last lines:\n  | 3\n  | 4");
    });

    for (const nothing of ["", "\n \n"]) {
        it(`says that ${JSON.stringify(nothing)} is nothing`, () => {
            assert.equal(quoteLines(nothing, 20), "It printed nothing.");
        });
    }
});
