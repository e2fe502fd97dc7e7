import * as fs from "fs";
import * as path from "path";
import { goBuild } from "./go";
import { pulumiHome } from "./home";
import { needLeave } from "./missing";
import { attempt, capture, run, say } from "./progress";
import { packageVersion } from "./versions";

/** The official download retries by itself; where nothing answers, it is not to hold up the build from source. */
const installSeconds = 120;

/** Sees to it that the Docker plugin of the version of `@pulumi/docker` is installed. */
export async function ensureDockerPlugin(env: NodeJS.ProcessEnv): Promise<void> {
    const version = packageVersion("@pulumi/docker");
    if (await isInstalled(version, env)) {
        return;
    }
    needLeave(`Pulumi's Docker plugin ${version} is needed: pulumi plugin install resource docker ${version}`);
    const install = ["plugin", "install", "resource", "docker", version];
    const what = `Installing Pulumi's Docker plugin ${version}`;
    const { code } = await attempt(what, "pulumi", install, { env, timeoutSeconds: installSeconds });
    if (code !== 0) {
        const binary = path.join(pulumiHome(), "bin", ".pulumi-resource-docker");
        say("It cannot be downloaded. It is built from source, once, in about 3 minutes.");
        const flags = `-X main.version=${version}`;
        await goBuild("Building the Docker plugin", "docker-plugin", ".", binary, flags);
        await run(what, "pulumi", [...install, "--file", binary], { env });
        fs.rmSync(binary);
    }
}

async function isInstalled(version: string, env: NodeJS.ProcessEnv): Promise<boolean> {
    const { code, output } = await capture("pulumi", ["plugin", "ls", "--json"], { env });
    if (code !== 0) {
        return false;
    }
    const plugins = JSON.parse(output) as { name: string; version: string }[];
    return plugins.some((plugin) => plugin.name === "docker" && plugin.version === version);
}
