import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Outcome, capture } from "../../toolchain/progress";
import { packageVersion } from "../../toolchain/versions";
import { kubeconfigToNowhere } from "./support/clusterGuest";
import { projectFolder, toolEnvironment } from "./support/stack";

/** Runs a command of the toolchain. */
function toolchain(args: string[], env?: NodeJS.ProcessEnv): Promise<Outcome> {
    const tsx = path.join(projectFolder, "node_modules/tsx/dist/cli.mjs");
    return capture(process.execPath, [tsx, "toolchain/main.ts", ...args], { cwd: projectFolder, env });
}

// The first of the end-to-end tests, because the others need what it installs: on a fresh machine that takes minutes.
describe("the toolchain", function () {
    it("provides Docker, Pulumi, its Docker plugin and the engine image", async function () {
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

    it("prints one line where nothing is missing", async function () {
        this.timeout(60_000);
        const { output, code } = await toolchain(["prepare"]);
        assert.equal(code, 0);
        assert.equal(output, "Ready: Docker, Pulumi, its Docker plugin and the engine image.\n");
    });

    describe("that is off", function () {
        this.timeout(60_000);
        const cli =
            "The Pulumi CLI 3.208.0 or newer is needed, with its language host for Node.js: install it from https://www.pulumi.com/docs/install.";
        let home: string;
        beforeEach(() => (home = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-home-"))));
        afterEach(() => fs.rmSync(home, { recursive: true }));

        /** What it reports as missing for a stack, on a machine that has nothing but this environment. */
        async function missing(env: NodeJS.ProcessEnv, ...stack: string[]): Promise<string[]> {
            const { output, code } = await toolchain(["start", ...stack], {
                HOME: home,
                PATH: "/nowhere",
                DISTRIBUTED_SESSION_TOOLCHAIN: "off",
                ...env,
            });
            assert.equal(code, 1);
            return output.trim().split("\n");
        }

        it("reports everything that is missing, and installs nothing", async () => {
            assert.deepEqual(await missing({}), [
                "A running Docker daemon is needed: install and start Docker, https://docs.docker.com/engine/install.",
                cli,
            ]);
            assert.deepEqual(fs.readdirSync(home), []);
        });

        it("asks for a cluster and not for Docker where a stack is on Kubernetes", async () => {
            assert.deepEqual(await missing({}, "cluster"), [
                "A Kubernetes cluster is needed: name its kubeconfig in KUBECONFIG, with a current context.",
                cli,
            ]);
        });

        it("names a kubeconfig that cannot be read, and a cluster that does not answer", async () => {
            assert.match(
                (await missing({ KUBECONFIG: "/no/such/file" }, "cluster"))[0]!,
                /^A Kubernetes cluster is needed, and its kubeconfig cannot be read \(ENOENT.*\): correct KUBECONFIG\.$/,
            );
            const file = path.join(home, "kubeconfig");
            fs.writeFileSync(file, kubeconfigToNowhere());
            assert.match(
                (await missing({ KUBECONFIG: file }, "cluster"))[0]!,
                /^The Kubernetes cluster at https:\/\/127\.0\.0\.1:1 does not answer \(.*ECONNREFUSED.*\): start it, name another /,
            );
        });

        it("names the plugin that the backend needs", async () => {
            const { PATH } = await toolEnvironment();
            const version = packageVersion("@pulumi/kubernetes");
            assert.equal(
                (await missing({ PATH, PULUMI_HOME: home }, "cluster")).at(-1),
                `Pulumi's Kubernetes plugin ${version} is needed: pulumi plugin install resource kubernetes ${version}`,
            );
        });
    });
});
