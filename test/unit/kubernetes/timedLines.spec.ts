import assert from "node:assert/strict";
import fc from "fast-check";
import { TimedLines } from "../../../components/kubernetes/timedLines";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000001Z`;

/** The text in these parts of a log. */
function textOf(lines: TimedLines, ...parts: (string | Buffer)[]): string {
    return Buffer.concat(parts.map((part) => lines.take(Buffer.from(part)))).toString();
}

describe("the lines of a Pod's log", () => {
    it("lose their times, wherever the log is cut", () => {
        fc.assert(
            fc.property(fc.array(fc.string()), fc.array(fc.nat(400)), (texts, cuts) => {
                const plain = texts.map((text) => text.replaceAll("\n", "") + "\n").join("");
                const log = Buffer.from(
                    plain.replace(/^(?=[^]*\n)/gm, (_, offset) => (offset === plain.length ? "" : `${at(1)} `)),
                );
                const ends = [...cuts.sort((one, other) => one - other), log.length];
                const parts = ends.map((end, index) => log.subarray(ends[index - 1] ?? 0, end));
                assert.equal(textOf(new TimedLines(), ...parts), plain);
            }),
        );
    });

    it("stay as they are where the kubelet says something of its own", () => {
        assert.equal(
            textOf(new TimedLines(), "unable to retrieve container logs\n"),
            "unable to retrieve container logs\n",
        );
        assert.equal(textOf(new TimedLines(), `${"x".repeat(100)}\n`), `${"x".repeat(100)}\n`);
    });

    it("come once where the log is opened again", () => {
        const lines = new TimedLines();
        assert.equal(textOf(lines, `${at(1)} one\n${at(2)} two\n`), "one\ntwo\n");
        lines.openAgain();
        assert.equal(lines.lastTime, at(2));
        assert.equal(textOf(lines, `${at(1)} one\n${at(2)} two\n${at(3)} three\n`), "three\n");
    });

    it("go on in the middle of a line", () => {
        const lines = new TimedLines();
        assert.equal(textOf(lines, `${at(1)} one\n${at(2)} tw`), "one\ntw");
        lines.openAgain();
        assert.equal(textOf(lines, `${at(1)} one\n${at(2)} two\n${at(2)} more\n`), "o\nmore\n");
    });

    it("come all where nothing came before", () => {
        const lines = new TimedLines();
        lines.openAgain();
        assert.equal(textOf(lines, `${at(1)} one\n`), "one\n");
    });
});
