import * as fs from "node:fs";
import * as path from "node:path";
import { attempt, run } from "./command";
import { buildProgram, moduleFolder } from "./go";
import { officialSiteAnswers } from "./officialSite";
import { findProgram, ownFolder, projectFolder, pulumiHome, withScratch } from "./places";
import { Problem, refuseWhereOff } from "./problem";
import { say } from "./progress";

const program = "pulumi-resource-docker";

/** Makes sure that the Docker plugin is there in the version of the @pulumi/docker package. */
export async function dockerPlugin(env: NodeJS.ProcessEnv): Promise<void> {
    const version = packageVersion();
    if (isInstalled(version, env)) return;

    const install = ["pulumi", "plugin", "install", "resource", "docker", version];
    refuseWhereOff(`Pulumi's Docker plugin ${version} is missing: run \`${install.join(" ")}\`.`);
    if (await officialSiteAnswers()) {
        if (await attempt(`Installing Pulumi's Docker plugin ${version}`, install, { env, limit: 300 })) return;
    }
    await build(version, install, env);
}

async function build(version: string, install: string[], env: NodeJS.ProcessEnv): Promise<void> {
    checkModuleVersion(version);
    say(`Pulumi's download site gives no Docker plugin ${version}: building it from Go modules.`);
    await withScratch(ownFolder("plugin"), async (scratch) => {
        const file = path.join(scratch, program);
        await buildProgram({ module: "docker-plugin", package: ".", minutes: 3 }, file);
        const advice = "see what Pulumi says below.";
        await run("Installing the Docker plugin that was built", [...install, "--file", file], advice, { env });
    });
}

/** The CLI keeps a plugin in a folder of its own, with a file beside it while the plugin is not whole. */
function isInstalled(version: string, env: NodeJS.ProcessEnv): boolean {
    const folder = path.join(pulumiHome(), "plugins", `resource-docker-v${version}`);
    const isWhole = fs.existsSync(path.join(folder, program)) && !fs.existsSync(`${folder}.partial`);
    return isWhole || findProgram(program, env.PATH) !== undefined;
}

function packageVersion(): string {
    const file = path.join(projectFolder, "node_modules", "@pulumi", "docker", "package.json");
    if (!fs.existsSync(file)) throw new Problem("The package @pulumi/docker is missing: run `npm ci`.");
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

function checkModuleVersion(wanted: string): void {
    const file = path.join(moduleFolder("docker-plugin"), "main.go");
    const version = /^const version = "(.*)"$/m.exec(fs.readFileSync(file, "utf8"))?.[1];
    if (version === wanted) return;
    throw new Problem(
        `${file} builds Docker plugin ${version}, and @pulumi/docker is ${wanted}: make the constant \`version\` there ${wanted}.`,
    );
}
