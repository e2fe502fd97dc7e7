import assert from "node:assert/strict";
import { capture, run } from "../../../toolchain/progress";

describe("a command of the toolchain", () => {
    it("has both streams in its output, in order and as they come", async () => {
        const texts: string[] = [];
        const script = "echo one; sleep 0.2; echo two >&2; exit 3";
        const outcome = await capture("sh", ["-c", script], {}, (text) => texts.push(text));
        assert.deepEqual(outcome, { code: 3, output: "one\ntwo\n" });
        assert.deepEqual(texts, ["one\n", "two\n"]);
    });

    it("sees the environment that it is given, and no other", async () => {
        process.env.OF_THE_TEST = "here";
        const show = ["-c", "echo $OF_THE_TEST"];
        assert.equal((await capture("/bin/sh", show)).output, "here\n");
        assert.equal((await capture("/bin/sh", show, { env: {} })).output, "\n");
        delete process.env.OF_THE_TEST;
    });

    it("has code 127 where it does not exist", async () => {
        const { code, output } = await capture("no-such-command", []);
        assert.equal(code, 127);
        assert.match(output, /ENOENT/);
    });

    it("fails at its limit of time", async () => {
        const { code, output } = await capture("sleep", ["60"], { timeoutSeconds: 0.2 });
        assert.equal(code, 1);
        assert.match(output, /timed out/);
    });

    it("is named with its last lines where it fails", async () => {
        await assert.rejects(run("Counting", "sh", ["-c", "seq 1 40; exit 1"]), {
            message: `Counting failed. The last lines of \`sh -c\`:\n  ${Array.from({ length: 15 }, (_, i) => i + 26).join("\n  ")}`,
        });
    });
});
