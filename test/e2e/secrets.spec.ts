import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { TestBackend } from "./support/backends";
import { onBothBackends } from "./support/columns";
import { TestSession, destroySessions, serve, small } from "./support/session";

const token = "hidden-from-everyone";

onBothBackends("a secret that engines print", function (backend) {
    let session: TestSession;

    /** A session whose workers print their secret, and end like this. */
    const argsWith = (exitCode: number) => {
        const print = `import os\nprint("token", os.environ["TOKEN"], flush=True)\n`;
        return {
            master: { ...serve, code: print + serve.code },
            workers: { ...small, n: 2, code: `${print}raise SystemExit(${exitCode})` },
            wait: "completed",
        };
    };
    before(async () => {
        const inArgs: TestBackend = { ...backend, configured: (config) => ({ args: backend.configured(config) }) };
        session = await TestSession.create(inArgs, argsWith(3), path.join(__dirname, "programs/secrets"));
    });
    after(destroySessions);

    it("is in no error", async () => {
        const run = await session.failToComeUp();
        assert.match(run.output, /ended with exit code 3\. Its last lines:\n *\| token \[secret\]/);
        assert.equal(run.output.includes(token), false, run.output);
    });

    it("reaches them, and is in no output of up, no state and no output of the stack", async () => {
        session.configure(argsWith(0));
        const run = await session.up();
        assert.match(run.output, /token \[secret\]/);
        assert.equal(run.output.includes(token), false, run.output);
        const { workers } = await session.stack.outputs();
        assert.equal(workers[0].logs, "token [secret]\n");
        await session.assertAtRest();
        const state = await session.stack.pulumi("stack", "export");
        assert.equal(state.output.includes(token), false);
        // The state, its backups and its history.
        const files = fs.readdirSync(session.stack.folder, { recursive: true, withFileTypes: true });
        const texts = files
            .filter((entry) => entry.isFile())
            .map(({ parentPath, name }) => fs.readFileSync(path.join(parentPath, name), "utf8"));
        assert.ok(texts.some((text) => text.includes("session-worker-1")));
        for (const text of texts) {
            assert.equal(text.includes(token), false);
            assert.equal(text.includes(Buffer.from(token).toString("base64")), false);
        }
    });
});
