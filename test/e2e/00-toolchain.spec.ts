import { spawnSync } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { capture } from "../../toolchain/progress";
import { projectFolder, toolEnvironment } from "./support/stack";

// The first of the end-to-end tests, because the others need what it gets: on a fresh machine that takes minutes.
describe("the toolchain", function () {
    it("makes Docker, Pulumi, its Docker plugin and the engine image available", async function () {
        this.timeout(60 * 60_000);
        const env = await toolEnvironment();
        for (const command of [
            ["pulumi", "version"],
            ["pulumi-language-nodejs", "-h"],
            ["docker", "info"],
        ]) {
            const { code, output } = await capture(command[0]!, command.slice(1), { env });
            assert.ok(code === 0 || code === 2, `${command.join(" ")}: ${output}`);
        }
    });

    it("has nothing to say when everything is there", function () {
        this.timeout(60_000);
        const { stderr, status } = spawnSync("npx", ["tsx", "toolchain/main.ts", "prepare"], { cwd: projectFolder });
        assert.equal(status, 0);
        const lines = stderr
            .toString()
            .split("\n")
            .filter((line) => line !== "" && !line.startsWith("npm warn"));
        assert.deepEqual(lines, ["Everything is there: Docker, Pulumi and its plugin, and the engine image."]);
    });

    it("that is switched off says all that is missing, and gets nothing", function () {
        this.timeout(60_000);
        const home = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-home-"));
        const tsx = path.join(projectFolder, "node_modules/tsx/dist/cli.mjs");
        const { stderr, status } = spawnSync(process.execPath, [tsx, "toolchain/main.ts", "start"], {
            cwd: projectFolder,
            env: { HOME: home, PATH: "/nowhere", DISTRIBUTED_SESSION_TOOLCHAIN: "off" },
        });
        assert.equal(status, 1);
        assert.deepEqual(stderr.toString().trim().split("\n"), [
            "A running Docker daemon is needed: install and start Docker, https://docs.docker.com/engine/install.",
            "The Pulumi CLI 3.200.0 or newer is needed, with its language host for Node.js: install it from https://www.pulumi.com/docs/install.",
        ]);
        assert.deepEqual(fs.readdirSync(home), []);
    });
});
