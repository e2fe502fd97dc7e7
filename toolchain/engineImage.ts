import * as crypto from "crypto";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { engineImage } from "../components/model/engineImage";
import { aptInstall, isDebian, isRoot } from "./docker";
import { Missing, needLeave } from "./missing";
import { attempt, capture, isOnPath, run } from "./progress";
import { projectFolder } from "./versions";

const sourceFolder = path.join(projectFolder, "engine");
/** The label in which the image keeps what it was built from. */
const sourceLabel = "distributed-session.source";
const officialBase = "debian:bookworm-slim";
const ownBase = "distributed-session/base:bookworm";
const pullSeconds = 300;
/** Package files and lists, and what the container's own daemon provides. */
const uselessInImage = [
    "./dev/*",
    "./proc/*",
    "./sys/*",
    "./var/cache/apt/*",
    "./var/lib/apt/lists/*",
    "./usr/share/doc/*",
];

/** Sees to it that the default engine image is on the Docker host, built from `engine/` as it is now. */
export async function ensureEngineImage(env: NodeJS.ProcessEnv): Promise<void> {
    const source = hashOf(sourceFolder);
    if ((await labelOf(engineImage, env)) === source) {
        return;
    }
    const label = `${sourceLabel}=${source}`;
    needLeave(`The engine image is needed: docker build --label ${label} -t ${engineImage} engine`);
    const base = await ensureBase(env);
    const args = ["build", "--label", label, "--build-arg", `BASE=${base}`, "--tag", engineImage, sourceFolder];
    await run(`Building the engine image ${engineImage}`, "docker", args, { env: await builderEnvironment(env) });
}

function hashOf(directory: string): string {
    const hash = crypto.createHash("sha256");
    for (const name of fs.readdirSync(directory).sort()) {
        hash.update(name).update(fs.readFileSync(path.join(directory, name)));
    }
    return hash.digest("hex");
}

async function labelOf(image: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
    const format = `{{index .Config.Labels "${sourceLabel}"}}`;
    const { code, output } = await capture("docker", ["image", "inspect", "--format", format, image], { env });
    return code === 0 ? output.trim() : undefined;
}

async function exists(image: string, env: NodeJS.ProcessEnv): Promise<boolean> {
    return (await capture("docker", ["image", "inspect", image], { env })).code === 0;
}

/** Debian's own image where it can be had, else one made of Debian's packages. */
async function ensureBase(env: NodeJS.ProcessEnv): Promise<string> {
    for (const base of [officialBase, ownBase]) {
        if (await exists(base, env)) {
            return base;
        }
    }
    const pull = { env, timeoutSeconds: pullSeconds };
    if ((await attempt(`Pulling ${officialBase}`, "docker", ["pull", officialBase], pull)).code === 0) {
        return officialBase;
    }
    await makeBase(env);
    return ownBase;
}

async function makeBase(env: NodeJS.ProcessEnv): Promise<void> {
    if (!isRoot() || !isDebian()) {
        throw new Missing(`The image ${officialBase} cannot be pulled: bring it to the Docker host by docker load.`);
    }
    if (!(await isOnPath("debootstrap"))) {
        await aptInstall("debootstrap");
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-base-"));
    const root = path.join(folder, "root");
    try {
        const args = ["--variant=minbase", "bookworm", root, ...(await debianMirror())];
        await run(`${officialBase} cannot be pulled; making a base image of Debian's packages`, "debootstrap", args);
        const archive = path.join(folder, "base.tar");
        const excluded = uselessInImage.map((pattern) => `--exclude=${pattern}`);
        await run("Packing the base image", "tar", ["-C", root, ...excluded, "-cf", archive, "."]);
        await run("Loading the base image into Docker", "docker", ["import", archive, ownBase], { env });
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

/** Where this machine gets Debian's packages from, if it says so; debootstrap knows a place of its own. */
async function debianMirror(): Promise<string[]> {
    const format = ["--format", "$(REPO_URI) $(COMPONENT)", "Created-By: Packages"];
    const { output } = await capture("apt-get", ["indextargets", ...format]);
    const mirror = /^(https?:\/\/\S+\/debian)\/? main$/m.exec(output)?.[1];
    return mirror === undefined ? [] : [mirror];
}

/** The Docker client wants its buildx plugin, unless it is told to use the builder of the daemon. */
async function builderEnvironment(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    const hasBuildx = (await capture("docker", ["buildx", "version"], { env })).code === 0;
    return hasBuildx ? env : { ...env, DOCKER_BUILDKIT: "0" };
}
