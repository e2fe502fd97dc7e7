import * as fs from "fs";
import * as path from "path";
import { goBuild } from "./go";
import { pulumiHome } from "./home";
import { requirePermission } from "./prerequisites";
import { capture, isOnPath, print } from "./progress";
import { moduleVersions, isAtLeast, minimumPulumi, packageVersion } from "./versions";

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
    requirePermission(
        `The Pulumi CLI ${minimumPulumi} or newer is needed, with its language host for Node.js: install it from https://www.pulumi.com/docs/install.`,
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
    const found = /v?(\d+\.\d+\.\d+\S*)/.exec(output)?.[1];
    return code === 0 && found !== undefined && isAtLeast(found, minimumPulumi) && isOnPath(languageHost, env);
}

async function canDownload(): Promise<boolean> {
    try {
        const response = await fetch("https://get.pulumi.com/install.sh", {
            method: "HEAD",
            signal: AbortSignal.timeout(reachSeconds * 1000),
        });
        return response.ok;
    } catch {
        return false;
    }
}

/** Downloads the CLI with its language hosts, and returns their folder; undefined where that is not possible. */
async function download(version: string, root: string): Promise<string | undefined> {
    if (!(await canDownload())) {
        return undefined;
    }
    print(`Downloading Pulumi ${version} into ${root} ...`);
    try {
        // Loaded here: the SDK takes a second, and most runs have nothing to download. Without a version, it installs its own.
        const { PulumiCommand } = await import("@pulumi/pulumi/automation");
        await PulumiCommand.install({ root });
        return path.join(root, "bin");
    } catch (error) {
        print(`  failed: ${(error as Error).message}`);
        return undefined;
    }
}

/** Builds what is missing in `$PULUMI_HOME/bin`, and returns that folder. */
async function build(): Promise<string> {
    const bin = path.join(pulumiHome(), "bin");
    print("Pulumi cannot be downloaded. Building it from source takes about 4 minutes, once.");
    const cli = path.join(bin, "pulumi");
    if (!fs.existsSync(cli)) {
        const flags = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${moduleVersions.pulumi}`;
        const source = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
        await goBuild(`Building the Pulumi CLI ${moduleVersions.pulumi}`, "cli", source, cli, flags);
    }
    const host = path.join(bin, languageHost);
    if (!fs.existsSync(host)) {
        const source = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
        await goBuild(`Building Pulumi's language host ${moduleVersions.languageHost}`, "language-host", source, host);
    }
    return bin;
}
