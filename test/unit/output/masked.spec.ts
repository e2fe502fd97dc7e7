import assert from "node:assert/strict";
import { Status } from "../../../components/model/outputs";
import { Mask, masked } from "../../../components/output/mask";
import { EngineHost } from "../../../components/observing/runtime";

describe("the end of an engine's output", () => {
    /** What is kept of an output. */
    function kept(text: string | undefined, secrets: string[] = []): Promise<string | undefined> {
        const mask = new Mask();
        mask.hide(secrets);
        const host = { readTail: () => Promise.resolve(text) } as unknown as EngineHost;
        return masked(host, mask).readTail("key");
    }

    it("is 16 KiB at most, from the first whole line on", async () => {
        const lines = Array.from({ length: 4000 }, (_, index) => `line ${index}\n`).join("");
        const tail = (await kept(lines))!;
        assert.match(tail, /^line \d+\n/);
        assert.ok(lines.endsWith(tail));
        assert.ok(tail.length <= 16 * 1024 && tail.length > 16 * 1024 - 11, String(tail.length));
    });

    it("has no secret where it is that of a joinCheck", async () => {
        const mask = new Mask();
        mask.hide(["hunter2"]);
        const host = { readJoinCheck: () => Promise.resolve("not hunter2\n") } as unknown as EngineHost;
        assert.equal(await masked(host, mask).readJoinCheck("key"), "not [secret]\n");
    });

    it("has no secret", async () => {
        assert.equal(await kept("it is hunter2\n", ["hunter2"]), "it is [secret]\n");
    });

    it("has no part of a secret at its beginning: the secrets are hidden before it is cut", async () => {
        const secret = "s".repeat(64);
        const text = `a${secret}${"x".repeat(16 * 1024 - 10)}`;
        assert.doesNotMatch((await kept(text, [secret]))!, /s{2}/);
    });

    it("has no part of a secret at its beginning, also where it was cut when it was read", async () => {
        const secret = Array.from({ length: 10_000 }, (_, index) => `s${index}`).join("");
        const text = secret.repeat(6).slice(-256 * 1024);
        assert.equal(await kept(text, [secret]), "[secret]".repeat(5));
    });

    it("has no secret in what the daemon says of it", async () => {
        const mask = new Mask();
        mask.hide(["hunter2"]);
        const state = { status: Status.Stopped, startError: "invalid environment: TOKEN=hunter2" };
        const host = masked({ inspect: () => Promise.resolve(state) } as unknown as EngineHost, mask);
        assert.equal((await host.inspect("key")).startError, "invalid environment: TOKEN=[secret]");
    });

    it("is unknown where the output cannot be read", async () => {
        assert.equal(await kept(undefined), undefined);
    });
});
