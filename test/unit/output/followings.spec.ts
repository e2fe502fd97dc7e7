import assert from "node:assert/strict";
import { PassThrough } from "stream";
import { Status } from "../../../components/model/outputs";
import { EngineState } from "../../../components/observing/engineState";
import { EngineHost, Source } from "../../../components/observing/runtime";
import { Followings } from "../../../components/output/followings";
import { Mask } from "../../../components/output/mask";

const hundredThousand = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`);

const ended: EngineState = { status: Status.Succeeded, exitCode: 0, isNew: true };

/** A host on which the engine has ended with this output. */
function hostWith(tail: string, state = ended): EngineHost {
    return {
        inspect: () => Promise.resolve(state),
        readTail: () => Promise.resolve(tail),
    } as unknown as EngineHost;
}

function source(): Source & { text: PassThrough } {
    const text = new PassThrough();
    const over = new Promise<void>((resolve) => text.on("close", resolve));
    return { text, read: (take) => text.on("data", take), ended: over, end: () => text.destroy() };
}

describe("the outputs that are followed", () => {
    it("show the last line of a flood soon after it, though Pulumi takes a second for a hundred lines", async () => {
        const shown: string[] = [];
        const followings = new Followings(new Mask());
        const slow = async (lines: string) => {
            await new Promise((resolve) => setTimeout(resolve, 10 * lines.split("\n").length));
            shown.push(...lines.split("\n"));
        };
        const output = source();
        followings.begin("w", slow, (opened) => Promise.resolve(opened("w", output)));
        for (let at = 0; at < hundredThousand.length; at += 2000) {
            output.text.write(hundredThousand.slice(at, at + 2000).join(""));
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        output.text.end();
        const start = Date.now();
        await followings.close(hostWith(hundredThousand.slice(-200).join("")));
        assert.ok(Date.now() - start < 4000, `it took ${Date.now() - start} ms`);
        assert.equal(shown.at(-1), "line 99999");
        const skipped = shown.map((line) => Number(/^\((\d+) lines are not shown\)$/.exec(line)?.[1] ?? -1));
        const counted = skipped.reduce((sum, count) => sum + (count < 0 ? 1 : count), 0);
        assert.equal(counted, 100_000);
    });

    it("show the end of an output whose stream stays open and silent", async () => {
        const shown: string[] = [];
        const followings = new Followings(new Mask());
        const output = source();
        const show = (lines: string) => Promise.resolve(void shown.push(...lines.split("\n")));
        followings.begin("w", show, (opened) => Promise.resolve(opened("w", output)));
        output.text.write("one\ntw");
        await followings.close(hostWith("one\ntwo\nthree\n"));
        assert.deepEqual(shown, ["one", "two", "three"]);
    });

    it("show the end of an output that goes on for too long after the engine's end", async function () {
        this.timeout(20_000);
        let last = "";
        const followings = new Followings(new Mask());
        const output = source();
        const show = (lines: string) => Promise.resolve(void (last = lines.split("\n").at(-1)!));
        followings.begin("w", show, (opened) => Promise.resolve(opened("w", output)));
        const flood = setInterval(() => output.text.write("on and on\n"), 10);
        await followings.close(hostWith("the end\n"));
        clearInterval(flood);
        assert.equal(last, "the end");
    });

    it("show the end of an output that cannot be opened in time", async function () {
        this.timeout(20_000);
        const shown: string[] = [];
        const followings = new Followings(new Mask());
        const show = (lines: string) => Promise.resolve(void shown.push(...lines.split("\n")));
        followings.begin("w", show, () => new Promise(() => undefined));
        await followings.close(hostWith("one\ntwo\n"));
        assert.deepEqual(shown, ["one", "two"]);
    });

    it("show the end of the others where one cannot be read", async () => {
        const shown: string[] = [];
        const followings = new Followings(new Mask());
        const show = (lines: string) => Promise.resolve(void shown.push(...lines.split("\n")));
        for (const id of ["a", "b"]) {
            const output = source();
            followings.begin(id, show, (opened) => Promise.resolve(opened(id, output)));
            output.text.end();
        }
        const readTail = (key: string) =>
            key === "a" ? Promise.reject(new Error("gone")) : Promise.resolve("b is done\n");
        await followings.close({ ...hostWith(""), readTail });
        assert.deepEqual(shown, ["b is done"]);
    });
});
