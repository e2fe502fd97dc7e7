import * as fs from "fs";
import * as path from "path";
import { goBuild } from "./go";
import { pulumiHome } from "./home";
import { Missing, needLeave } from "./missing";
import { attempt, capture, run, say } from "./progress";
import { packageVersion } from "./versions";

/** The official download retries by itself; where nothing answers, it is not to hold up what comes next. */
const installSeconds = 120;
const archives = "https://github.com/pulumi/pulumi-kubernetes/releases";

/** Sees to it that the Docker plugin of the version of `@pulumi/docker` is installed. */
export async function ensureDockerPlugin(env: NodeJS.ProcessEnv): Promise<void> {
    const version = packageVersion("@pulumi/docker");
    if (await isThere("Docker", version, env)) {
        return;
    }
    const binary = path.join(pulumiHome(), "bin", ".pulumi-resource-docker");
    say("It cannot be downloaded. It is built from source, once, in about 3 minutes.");
    await goBuild("Building the Docker plugin", "docker-plugin", ".", binary, `-X main.version=${version}`);
    const install = ["plugin", "install", "resource", "docker", version, "--file", binary];
    await run(`Installing Pulumi's Docker plugin ${version}`, "pulumi", install, { env });
    fs.rmSync(binary);
}

/** Sees to it that the Kubernetes plugin of the version of `@pulumi/kubernetes` is installed. */
export async function ensureKubernetesPlugin(env: NodeJS.ProcessEnv): Promise<void> {
    const version = packageVersion("@pulumi/kubernetes");
    if (!(await isThere("Kubernetes", version, env))) {
        const byHand = `pulumi plugin install resource kubernetes ${version} --file <archive>`;
        throw new Missing(
            `Pulumi's Kubernetes plugin ${version} cannot be downloaded: bring its archive from ${archives}, and run: ${byHand}`,
        );
    }
}

/** Whether a plugin is installed, or could be downloaded just now. */
async function isThere(title: string, version: string, env: NodeJS.ProcessEnv): Promise<boolean> {
    const name = title.toLowerCase();
    if (await isInstalled(name, version, env)) {
        return true;
    }
    const install = ["plugin", "install", "resource", name, version];
    needLeave(`Pulumi's ${title} plugin ${version} is needed: pulumi ${install.join(" ")}`);
    const what = `Installing Pulumi's ${title} plugin ${version}`;
    return (await attempt(what, "pulumi", install, { env, timeoutSeconds: installSeconds })).code === 0;
}

async function isInstalled(name: string, version: string, env: NodeJS.ProcessEnv): Promise<boolean> {
    const { code, output } = await capture("pulumi", ["plugin", "ls", "--json"], { env });
    if (code !== 0) {
        return false;
    }
    const plugins = JSON.parse(output) as { name: string; version: string }[];
    return plugins.some((plugin) => plugin.name === name && plugin.version === version);
}
