import { spawnSync } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { capture } from "../../toolchain/progress";
import { packageVersion } from "../../toolchain/versions";
import { kubeconfigToNowhere } from "./support/clusterGuest";
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

    describe("that is switched off", function () {
        this.timeout(60_000);
        const cli =
            "The Pulumi CLI 3.207.0 or newer is needed, with its language host for Node.js: install it from https://www.pulumi.com/docs/install.";
        let home: string;
        beforeEach(() => (home = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-home-"))));
        afterEach(() => fs.rmSync(home, { recursive: true }));

        /** What it says is missing for a stack, on a machine that has nothing but this environment. */
        function missing(env: NodeJS.ProcessEnv, ...stack: string[]): string[] {
            const tsx = path.join(projectFolder, "node_modules/tsx/dist/cli.mjs");
            const { stderr, status } = spawnSync(process.execPath, [tsx, "toolchain/main.ts", "start", ...stack], {
                cwd: projectFolder,
                env: { HOME: home, PATH: "/nowhere", DISTRIBUTED_SESSION_TOOLCHAIN: "off", ...env },
            });
            assert.equal(status, 1);
            return stderr.toString().trim().split("\n");
        }

        it("says all that is missing, and gets nothing", () => {
            assert.deepEqual(missing({}), [
                "A running Docker daemon is needed: install and start Docker, https://docs.docker.com/engine/install.",
                cli,
            ]);
            assert.deepEqual(fs.readdirSync(home), []);
        });

        it("asks for a cluster and not for Docker where a stack is on Kubernetes", () => {
            assert.deepEqual(missing({}, "cluster"), [
                "A Kubernetes cluster is needed: name its kubeconfig in KUBECONFIG, with a current context.",
                cli,
            ]);
        });

        it("names a kubeconfig that cannot be read, and a cluster that does not answer", () => {
            assert.match(
                missing({ KUBECONFIG: "/no/such/file" }, "cluster")[0]!,
                /^A Kubernetes cluster is needed, and its kubeconfig cannot be read \(ENOENT.*\): correct KUBECONFIG\.$/,
            );
            const file = path.join(home, "kubeconfig");
            fs.writeFileSync(file, kubeconfigToNowhere());
            assert.match(
                missing({ KUBECONFIG: file }, "cluster")[0]!,
                /^The Kubernetes cluster at https:\/\/127\.0\.0\.1:1 does not answer \(.*ECONNREFUSED.*\): start it, name another /,
            );
        });

        it("names the plugin that the backend needs", async () => {
            const { PATH } = await toolEnvironment();
            const version = packageVersion("@pulumi/kubernetes");
            assert.equal(
                missing({ PATH, PULUMI_HOME: home }, "cluster").at(-1),
                `Pulumi's Kubernetes plugin ${version} is needed: pulumi plugin install resource kubernetes ${version}`,
            );
        });
    });
});
