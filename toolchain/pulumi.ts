import * as fs from "node:fs";
import * as path from "node:path";
import { ask } from "./command";
import { buildProgram, moduleFolder, type GoBuild } from "./go";
import { downloadRelease } from "./officialSite";
import { findProgram, programFolder, withScratch } from "./places";
import { Problem, refuseWhereOff } from "./problem";
import { say } from "./progress";
import { isAtLeast } from "./version";

/** The oldest CLI that the project is known to work with. */
const oldest = "3.200.0";

const installAdvice = "install Pulumi as in https://www.pulumi.com/docs/install/";

/** Makes sure that the CLI and the host of Node.js programs are found on `env.PATH`. */
export async function pulumiCli(env: NodeJS.ProcessEnv): Promise<void> {
    const cli = findProgram("pulumi", env.PATH);
    const version = cli === undefined ? undefined : await versionOf(cli, env);
    const missing = [
        ...(cli === undefined ? ["pulumi"] : []),
        ...(hasLanguageHost(cli, env) ? [] : ["pulumi-language-nodejs"]),
    ];
    if (missing.length > 0) await get(missing, version ?? builtVersion());
}

/** Checks a CLI that is there. */
async function versionOf(cli: string, env: NodeJS.ProcessEnv): Promise<string> {
    const { code, stdout, tail } = await ask([cli, "version"], { env });
    const version = /^v?(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1];
    if (code !== 0 || version === undefined) {
        throw new Problem(`${cli} does not work: repair or remove it, or ${installAdvice}`, tail);
    }
    if (!isAtLeast(version, oldest)) {
        throw new Problem(`${cli} is version ${version}, and ${oldest} or newer is needed: ${installAdvice}`);
    }
    return version;
}

/** The CLI looks for its language hosts beside itself and on PATH. */
function hasLanguageHost(cli: string | undefined, env: NodeJS.ProcessEnv): boolean {
    const beside = cli === undefined ? [] : [path.dirname(fs.realpathSync(cli))];
    return findProgram("pulumi-language-nodejs", [...beside, env.PATH].join(path.delimiter)) !== undefined;
}

async function get(missing: string[], version: string): Promise<void> {
    refuseWhereOff(
        missing.includes("pulumi")
            ? `The Pulumi CLI is missing: ${installAdvice}`
            : `pulumi-language-nodejs is missing beside the Pulumi CLI: ${installAdvice}`,
    );
    await withScratch(programFolder(), async (scratch) => {
        if (await downloadRelease(version, scratch)) return moveIn(scratch);
        say(`Pulumi's download site gives no Pulumi ${version}: building it from Go modules.`);
        // The CLI comes last: it stands for the whole.
        for (const name of [...missing].reverse()) await buildProgram(builds(name), path.join(programFolder(), name));
    });
}

/** Moves the programs of a release to where they belong, and leaves alone what is there. The CLI comes last. */
function moveIn(release: string): void {
    const programs = fs.readdirSync(release).filter((name) => name.startsWith("pulumi") && !name.endsWith(".tar.gz"));
    for (const name of programs.sort((a, b) => b.length - a.length)) {
        const target = path.join(programFolder(), name);
        if (!fs.existsSync(target)) fs.renameSync(path.join(release, name), target);
    }
}

function builds(name: string): GoBuild {
    if (name === "pulumi") {
        const variables = { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": builtVersion() };
        return { module: "cli", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", variables, minutes: 3 };
    }
    const program = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
    return { module: "language-host", package: program, minutes: 0.5 };
}

/** The version of the CLI that the Go module pins. */
function builtVersion(): string {
    const text = fs.readFileSync(path.join(moduleFolder("cli"), "go.mod"), "utf8");
    const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\d+\.\d+\.\d+)/.exec(text)?.[1];
    if (version === undefined) throw new Problem("toolchain/modules/cli/go.mod does not name a version of Pulumi.");
    return version;
}
