import * as fs from "fs";
import * as path from "path";
import { goBuild } from "./go";
import { pulumiHome } from "./home";
import { MissingPrerequisite, requirePermission } from "./prerequisites";
import { attempt, capture, print, run } from "./progress";
import { packageVersion } from "./versions";

/** The official download retries for longer where nothing answers. */
const installSeconds = 120;
const archives = "https://github.com/pulumi/pulumi-kubernetes/releases";

/** Makes sure that the Docker plugin of the version of `@pulumi/docker` is installed. */
export async function ensureDockerPlugin(env: NodeJS.ProcessEnv): Promise<void> {
    const version = packageVersion("@pulumi/docker");
    if (await isAvailable("Docker", version, env)) {
        return;
    }
    const binary = path.join(pulumiHome(), "bin", ".pulumi-resource-docker");
    print("The plugin cannot be downloaded. Building it from source takes about 3 minutes, once.");
    await goBuild("Building the Docker plugin", "docker-plugin", ".", binary, `-X main.version=${version}`);
    const install = ["plugin", "install", "resource", "docker", version, "--file", binary];
    await run(`Installing Pulumi's Docker plugin ${version}`, "pulumi", install, { env });
    fs.rmSync(binary);
}

/** Makes sure that the Kubernetes plugin of the version of `@pulumi/kubernetes` is installed. */
export async function ensureKubernetesPlugin(env: NodeJS.ProcessEnv): Promise<void> {
    const version = packageVersion("@pulumi/kubernetes");
    if (!(await isAvailable("Kubernetes", version, env))) {
        const install = `pulumi plugin install resource kubernetes ${version} --file <archive>`;
        throw new MissingPrerequisite(
            `Pulumi's Kubernetes plugin ${version} cannot be downloaded: get its archive from ${archives}, and run: ${install}`,
        );
    }
}

/** Whether a plugin is installed, or was downloaded just now. */
async function isAvailable(plugin: string, version: string, env: NodeJS.ProcessEnv): Promise<boolean> {
    const name = plugin.toLowerCase();
    if (await isInstalled(name, version, env)) {
        return true;
    }
    const install = ["plugin", "install", "resource", name, version];
    requirePermission(`Pulumi's ${plugin} plugin ${version} is needed: pulumi ${install.join(" ")}`);
    const title = `Installing Pulumi's ${plugin} plugin ${version}`;
    return (await attempt(title, "pulumi", install, { env, timeoutSeconds: installSeconds })).code === 0;
}

async function isInstalled(name: string, version: string, env: NodeJS.ProcessEnv): Promise<boolean> {
    const { code, output } = await capture("pulumi", ["plugin", "ls", "--json"], { env });
    if (code !== 0) {
        return false;
    }
    const plugins = JSON.parse(output) as { name: string; version: string }[];
    return plugins.some((installed) => installed.name === name && installed.version === version);
}
