import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { engineImage } from "../components/model/kernels";
import { aptInstall, isDebian, isRoot } from "./docker";
import { Image, build, hashOf, isBuilt, requireBuilding } from "./image";
import { MissingPrerequisite } from "./prerequisites";
import { attempt, capture, isOnPath, run } from "./progress";
import { projectFolder } from "./versions";

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
    if (await isBuilt(imageOn(officialBase), env)) {
        return;
    }
    requireBuilding(imageOn(officialBase));
    await build(imageOn(await ensureBase(env)), env);
}

function imageOn(base: string): Image {
    const options = ["--build-arg", `BASE=${base}`, "engine"];
    return { name: engineImage, title: "engine image", source: engineImageSource(), build: options };
}

/** A hash of what the engine image is built from. */
export function engineImageSource(): string {
    return hashOf(path.join(projectFolder, "engine"));
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
