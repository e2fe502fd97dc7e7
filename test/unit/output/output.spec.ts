import assert from "node:assert/strict";
import { LineBatches } from "../../../components/output/lineBatches";
import { Mask } from "../../../components/output/mask";
import { pLimit } from "../../../components/output/pLimit";
import { tailOf } from "../../../components/output/tail";

const longest = 64 * 1024;

/** The lines that are shown of an output that comes in these pieces, and then of the end of it that is read apart. */
async function shownOf(pieces: string[], tail?: string, secret?: string): Promise<string[]> {
    const mask = new Mask();
    mask.hide(secret === undefined ? [] : [secret]);
    const lines: string[] = [];
    const batches = new LineBatches(mask, (text) => {
        lines.push(...text.split("\n"));
        return Promise.resolve();
    });
    pieces.forEach((piece) => batches.add(Buffer.from(piece)));
    if (tail !== undefined) {
        batches.catchUp(tail);
    }
    await batches.flush();
    return lines;
}

describe("the end of an output that is kept", () => {
    it("is the end of the last line where that alone is too long", () => {
        const tail = tailOf(`start\n${"x".repeat(20_000)}end\n`);
        assert.match(tail, /^x+end\n$/);
        assert.equal(tail.length, 16 * 1024);
    });

    it("begins with a whole character", () => {
        assert.match(tailOf(`${"ä".repeat(20_000)}b`), /^ä+b$/);
    });
});

describe("the lines of an output", () => {
    it("end where a progress bar goes back to the beginning of its line", async () => {
        assert.deepEqual(await shownOf(["\r10%", "\r20%\r", "30%\r\ndone\r", "\n"]), ["10%", "20%", "30%", "done"]);
    });

    it("are shown once where the last one has no end and its end is read apart", async () => {
        assert.deepEqual(await shownOf(["one\n50%"], "one\n50%, done\n"), ["one", "50%, done"]);
        assert.deepEqual(await shownOf(["one\n50%"], "one\n50%"), ["one", "50%"]);
        assert.deepEqual(await shownOf(["one\n50%"], ""), ["one", "50%"]);
    });

    it("are shown also where the last one that came is the last one of all, and others are missing between", async () => {
        assert.deepEqual(await shownOf(["tick\n"], "tick\nend\ntick\n"), ["tick", "end", "tick"]);
        assert.deepEqual(await shownOf(["a\ntick\ntick\n"], "tick\ntick\ntick\n"), ["a", "tick", "tick", "tick"]);
    });

    it("are parted by a note where nobody knows how many are missing before the end that is read apart", async () => {
        assert.deepEqual(await shownOf(["one\n"], "five\nsix\n"), ["one", "(some lines are not shown)", "five", "six"]);
    });

    it("are shown once where the last one is longer than the end that is kept", async () => {
        const line = `${"x".repeat(20_000)}end`;
        assert.deepEqual(await shownOf([`one\n${line}\n`], tailOf(`one\n${line}\n`)), ["one", line]);
    });

    it("are held up to a bound, where nobody shows them and they are long", async () => {
        const batches: string[] = [];
        const lines = new LineBatches(new Mask(), (text) => {
            batches.push(text);
            return Promise.resolve();
        });
        const line = Buffer.from(`${"x".repeat(60_000)}\n`);
        for (let each = 0; each < 1000; each++) {
            lines.add(line);
        }
        lines.add(Buffer.from("end\n"));
        await lines.flush();
        assert.deepEqual(
            batches.map((batch) => batch.split("\n").map(({ length }) => length)),
            [["(997 lines are not shown)".length, 60_000, 60_000, 60_000, 60_000, 3]],
        );
    });

    it("are held up to a bound before they are shown, in whole lines, and those that are left out are counted", async () => {
        const pieces = Array.from({ length: 100 }, (_, piece) =>
            Array.from({ length: 1000 }, (_, line) => `line ${piece * 1000 + line}\r\n`).join(""),
        );
        const [note, ...lines] = await shownOf(pieces);
        assert.deepEqual([note, lines.length], ["(99900 lines are not shown)", 100]);
        assert.deepEqual(
            lines,
            Array.from({ length: 100 }, (_, line) => `line ${99_900 + line}`),
        );
    });

    /** What is shown of floods that go on for so long, and how much each of them has printed. */
    async function shownOfFloods(count: number, ms: number): Promise<{ shown: string[][]; printed: number }> {
        const [mask, inTurn] = [new Mask(), pLimit(1)];
        const shown = Array.from({ length: count }, () => [] as string[]);
        const floods = shown.map((lines) => {
            return new LineBatches(mask, (text) => Promise.resolve(void lines.push(...text.split("\n"))), inTurn);
        });
        let printed = 0;
        for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
            const lines = Buffer.from(Array.from({ length: 300 }, () => `line ${printed++}\n`).join(""));
            floods.forEach((flood) => flood.add(lines));
        }
        const inTime = shown.flat().length;
        assert.ok(inTime > 100 && inTime < 100 + (ms / 1000 + 1) * 110, `${inTime} lines`);
        await Promise.all(floods.map((flood) => flood.flush()));
        return { shown, printed };
    }

    it("of a flood are shown a hundred a second, and each one that is left out is counted", async () => {
        const { shown, printed } = await shownOfFloods(1, 1500);
        const counts = shown[0]!.map((line) => Number(/^\((\d+) lines are not shown\)$/.exec(line)?.[1] ?? 1));
        const counted = counts.reduce((sum, count) => sum + count, 0);
        assert.deepEqual([counted, shown[0]!.at(-1)], [printed, `line ${printed - 1}`]);
    });

    it("of many floods are shown in short turns, so that each of them comes soon", async () => {
        const { shown, printed } = await shownOfFloods(20, 4000);
        for (const lines of shown) {
            const notes = lines.filter((line) => line.endsWith("lines are not shown)"));
            assert.ok(notes.length >= 2, lines.join());
            assert.equal(lines.at(-1), `line ${printed - 1}`);
        }
    });

    it("hide a secret whose beginning is in what is left out", async () => {
        const secret = "hunter2".repeat(10);
        const piece = `${"x".repeat(1000)}${secret}`.repeat(60);
        const shown = (await shownOf(Array<string>(10).fill(piece), undefined, secret)).join("");
        assert.doesNotMatch(shown, /hunter2/);
        assert.match(shown, /^(\[secret\])?x+(\[secret\]x+)+/);
    });

    it("are held up to a bound, where no line ends and secrets overlap everywhere", async () => {
        const pieces = Array.from({ length: 40 }, () => "a".repeat(64 * 1024));
        const shown = (await shownOf(pieces, undefined, "aaaa")).join("");
        assert.doesNotMatch(shown, /a{4}/);
        assert.ok(shown.length > 0);
    });

    it("have no colours", async () => {
        assert.deepEqual(await shownOf(["\u001b[1;31mred\u001b[0m \u001b[2Kplain\n"]), ["red plain"]);
    });

    for (const [where, at] of [
        ["across a cut", longest - 3],
        ["after a cut", longest + 10],
    ] as const) {
        it(`hide a secret ${where} of a long line`, async () => {
            const text = `${"x".repeat(at)}hunter2hunter2${"y".repeat(10)}`;
            const pieces = [text.slice(0, longest + 1), text.slice(longest + 1)];
            const shown = (await shownOf(pieces, undefined, "hunter2hunter2")).join("");
            assert.equal(shown, `${"x".repeat(at)}[secret]${"y".repeat(10)}`);
        });
    }

    it("hide a secret that ends right where a long line is cut", async () => {
        const text = `${"x".repeat(longest)}hunter2`;
        assert.equal((await shownOf([text, "y\n"], undefined, "hunter2")).join(""), `${"x".repeat(longest)}[secret]y`);
    });
});
