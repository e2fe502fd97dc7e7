import * as crypto from "crypto";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { engineImage } from "../components/model/kernels";
import { readProject } from "../components/project/readProject";
import { aptInstall, isDebian, isRoot } from "./docker";
import { MissingPrerequisite, requirePermission } from "./prerequisites";
import { attempt, capture, isOnPath, run } from "./progress";
import { projectFolder } from "./versions";

const sourceFolder = path.join(projectFolder, "engine");
/** The label with the hash of the folder that the image was built from. */
const sourceLabel = "distributed-session.source";
const officialBase = "debian:bookworm-slim";
const ownBase = "distributed-session/base:bookworm";
const pullSeconds = 300;
/** Package files and lists, and folders that Docker mounts. */
const excludedFromBase = [
    "./dev/*",
    "./proc/*",
    "./sys/*",
    "./var/cache/apt/*",
    "./var/lib/apt/lists/*",
    "./usr/share/doc/*",
];

/** Makes sure that the Docker host has the default engine image, built from the present `engine/`. */
export async function ensureEngineImage(env: NodeJS.ProcessEnv): Promise<void> {
    const source = hashOf(sourceFolder);
    if ((await labelOf(engineImage, env)) === source) {
        return;
    }
    const label = `${sourceLabel}=${source}`;
    requirePermission(
        `The engine image ${engineImage} is needed: docker build --label ${label} -t ${engineImage} engine`,
    );
    const base = await ensureBase(env);
    const args = ["build", "--label", label, "--build-arg", `BASE=${base}`, "--tag", engineImage, sourceFolder];
    await run(`Building the engine image ${engineImage}`, "docker", args, { env: await builderEnvironment(env) });
}

/** A hash of what an image is built from: the names, run bits and contents of the folder's files, without those that Docker ignores. */
export function hashOf(folder: string): string {
    const { files, problem } = readProject(folder);
    if (problem !== undefined) {
        throw new Error(problem);
    }
    const hash = crypto.createHash("sha256");
    for (const { path: file, executable, sha256 } of files) {
        hash.update(`${file}\0${executable}\0${sha256}\n`);
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

/** Debian's official image where it can be pulled, else an image of Debian's packages. */
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
    await buildBase(env);
    return ownBase;
}

async function buildBase(env: NodeJS.ProcessEnv): Promise<void> {
    if (!isRoot() || !isDebian()) {
        throw new MissingPrerequisite(
            `The image ${officialBase} cannot be pulled: load it into the Docker host with docker load.`,
        );
    }
    if (!(await isOnPath("debootstrap"))) {
        await aptInstall("debootstrap");
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-base-"));
    const root = path.join(folder, "root");
    try {
        const args = ["--variant=minbase", "bookworm", root, ...(await debianMirror())];
        await run(
            `${officialBase} cannot be pulled; building a base image from Debian's packages`,
            "debootstrap",
            args,
        );
        const archive = path.join(folder, "base.tar");
        const excluded = excludedFromBase.map((pattern) => `--exclude=${pattern}`);
        await run("Packing the base image", "tar", ["-C", root, ...excluded, "-cf", archive, "."]);
        await run("Loading the base image into Docker", "docker", ["import", archive, ownBase], { env });
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

/** The mirror in this machine's list of sources; debootstrap has a default of its own. */
async function debianMirror(): Promise<string[]> {
    const format = ["--format", "$(REPO_URI) $(COMPONENT)", "Created-By: Packages"];
    const { output } = await capture("apt-get", ["indextargets", ...format]);
    const mirror = /^(https?:\/\/\S+\/debian)\/? main$/m.exec(output)?.[1];
    return mirror === undefined ? [] : [mirror];
}

/** Without its buildx plugin, the Docker client has to be asked for the builder of the daemon. */
async function builderEnvironment(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    const hasBuildx = (await capture("docker", ["buildx", "version"], { env })).code === 0;
    return hasBuildx ? env : { ...env, DOCKER_BUILDKIT: "0" };
}
