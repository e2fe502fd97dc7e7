import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { kubernetes } from "./support/backends";
import { onBothBackends, onlyOn } from "./support/columns";
import { TestSession, destroySessions, idle, serve, small } from "./support/session";

const token = "hidden-from-everyone";
const inCode = "hidden-in-the-code";

onBothBackends("a secret in the configuration of a stack", function (backend) {
    afterEach(destroySessions);

    it("reaches the engines, and is in no output of up, no state and no output of the stack", async () => {
        const print = `import os\nprint("token", os.environ["TOKEN"], flush=True)\n`;
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, n: 1, command: ["python3", "-c", "print()"] },
            wait: "completed",
        });
        for (const [place, value] of [
            ["master.env.TOKEN", token],
            ["master.code", `# ${inCode}\n${print}${serve.code}`],
            ["workers.env.TOKEN", token],
            ["workers.command[2]", `# ${inCode}\n${print}`],
        ] as const) {
            const set = ["config", "set", "--secret", "--path", `distributed-session:${place}`, value];
            const { exitCode, output } = await session.stack.pulumi(...set);
            assert.equal(exitCode, 0, output);
        }
        const run = await session.up();
        assert.match(run.output, /token \[secret\]/);
        const { workers } = await session.stack.outputs();
        assert.equal(workers[0].logs, "token [secret]\n");
        const diff = await session.stack.preview("--diff", "--show-sames");
        const state = await session.stack.pulumi("stack", "export");
        // The state, its backups and its history.
        const files = fs
            .readdirSync(session.stack.folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map(({ parentPath, name }) => fs.readFileSync(path.join(parentPath, name), "utf8"));
        assert.ok(files.some((text) => text.includes("session-worker-1")));
        for (const text of [run.output, diff.output, state.output, ...files]) {
            for (const secret of [token, Buffer.from(token).toString("base64"), inCode]) {
                assert.equal(text.includes(secret), false, text);
            }
        }
    });
});

onBothBackends("a stack that names no project", function (backend) {
    afterEach(destroySessions);

    it("has engines without files", async () => {
        const session = await TestSession.create(backend, { master: idle, workers: { ...idle, n: 0 } });
        await session.up();
        assert.equal(await session.shell("master", "cd /home/cdsw && find . -type f -not -name '.*'"), "");
    });
});

onlyOn(kubernetes, "a stack whose project is in a volume", function (backend) {
    afterEach(destroySessions);

    it("needs no project beside it", async () => {
        const session = await TestSession.create(backend, {
            master: { ...small, script: "master.py" },
            workers: { ...small, script: "worker.py", n: 1 },
            kubernetes: { projectVolume: { claimName: "code" } },
        });
        const { exitCode, output } = await session.stack.preview();
        assert.equal(exitCode, 0, output);
    });
});
