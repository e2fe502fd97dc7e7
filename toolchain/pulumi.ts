import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as fs from "fs";
import * as path from "path";
import { goBuild } from "./go";
import { pulumiHome } from "./home";
import { needLeave } from "./missing";
import { capture, isOnPath, say } from "./progress";
import { fromModules, isAtLeast, oldestPulumi, packageVersion } from "./versions";

const languageHost = "pulumi-language-nodejs";
const reachSeconds = 5;

/** An environment with the Pulumi CLI and the language host for Node.js on its PATH. */
export async function ensurePulumi(): Promise<NodeJS.ProcessEnv> {
    const version = packageVersion("@pulumi/pulumi");
    const downloaded = path.join(pulumiHome(), "versions", version);
    for (const bin of [undefined, path.join(pulumiHome(), "bin"), path.join(downloaded, "bin")]) {
        const env = withPath(bin);
        if (await isComplete(env)) {
            return env;
        }
    }
    needLeave(
        `The Pulumi CLI ${oldestPulumi} or newer is needed, with its language host for Node.js: install it from https://www.pulumi.com/docs/install.`,
    );
    const bin = (await download(version, downloaded)) ?? (await build());
    return withPath(bin);
}

function withPath(bin: string | undefined): NodeJS.ProcessEnv {
    return bin === undefined ? { ...process.env } : { ...process.env, PATH: `${bin}:${process.env.PATH}` };
}

async function isComplete(env: NodeJS.ProcessEnv): Promise<boolean> {
    const { code, output } = await capture("pulumi", ["version"], {
        env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    const found = /v?(\d+\.\d+\.\d+)/.exec(output)?.[1];
    return code === 0 && found !== undefined && isAtLeast(found, oldestPulumi) && isOnPath(languageHost, env);
}

async function canDownload(): Promise<boolean> {
    try {
        const answer = await fetch("https://get.pulumi.com/install.sh", {
            method: "HEAD",
            signal: AbortSignal.timeout(reachSeconds * 1000),
        });
        return answer.ok;
    } catch {
        return false;
    }
}

/** Downloads the CLI with its language hosts; undefined where that is not possible. */
async function download(version: string, root: string): Promise<string | undefined> {
    if (!(await canDownload())) {
        return undefined;
    }
    say(`Downloading Pulumi ${version} into ${root} ...`);
    try {
        // Without a version, it is that of the SDK.
        await PulumiCommand.install({ root });
        return path.join(root, "bin");
    } catch (error) {
        say(`  failed: ${(error as Error).message}`);
        return undefined;
    }
}

/** Builds what is missing in `$PULUMI_HOME/bin`. */
async function build(): Promise<string> {
    const bin = path.join(pulumiHome(), "bin");
    say("Pulumi cannot be downloaded. It is built from source, once, in about 4 minutes.");
    const cli = path.join(bin, "pulumi");
    if (!fs.existsSync(cli)) {
        const flags = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${fromModules.pulumi}`;
        const source = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
        await goBuild(`Building the Pulumi CLI ${fromModules.pulumi}`, "cli", source, cli, flags);
    }
    const host = path.join(bin, languageHost);
    if (!fs.existsSync(host)) {
        const source = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
        await goBuild(`Building Pulumi's language host ${fromModules.languageHost}`, "language-host", source, host);
    }
    return bin;
}
