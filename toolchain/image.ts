import * as crypto from "crypto";
import { readProject } from "../components/project/readProject";
import { requirePermission } from "./prerequisites";
import { capture, run } from "./progress";
import { projectFolder } from "./versions";

/** The label with the hash of what an image was built from. */
const sourceLabel = "distributed-session.source";

/** An image that the toolchain builds. */
export interface Image {
    name: string;
    /** What it is, for texts. */
    title: string;
    /** The hash of what it is built from. */
    source: string;
    /** The options and the folder of `docker build`. */
    build: string[];
}

/** Whether the Docker host has the image, built from the present sources. */
export async function isBuilt({ name, source }: Image, env: NodeJS.ProcessEnv): Promise<boolean> {
    const format = `{{index .Config.Labels "${sourceLabel}"}}`;
    const { code, output } = await capture("docker", ["image", "inspect", "--format", format, name], { env });
    return code === 0 && output.trim() === source;
}

/** Fails where nothing may be installed, with the command that builds the image. */
export function requireBuilding(image: Image): void {
    requirePermission(`The ${image.title} ${image.name} is needed: docker ${argumentsOf(image).join(" ")}`);
}

export async function build(image: Image, env: NodeJS.ProcessEnv): Promise<void> {
    const options = { env: await builderEnvironment(env), cwd: projectFolder };
    await run(`Building the ${image.title} ${image.name}`, "docker", argumentsOf(image), options);
}

function argumentsOf({ name, source, build: options }: Image): string[] {
    return ["build", "--label", `${sourceLabel}=${source}`, "--tag", name, ...options];
}

/** A hash of the names, run bits and contents of files, by their path in a folder, without those that Docker ignores. */
export function hashOf(folder: string, isMeant: (file: string) => boolean = () => true): string {
    const { files, problem } = readProject(folder);
    if (problem !== undefined) {
        throw new Error(problem);
    }
    const hash = crypto.createHash("sha256");
    for (const { path: file, executable, sha256 } of files.filter((each) => isMeant(each.path))) {
        hash.update(`${file}\0${executable}\0${sha256}\n`);
    }
    return hash.digest("hex");
}

/** Without its buildx plugin, the Docker client has to be asked for the builder of the daemon. */
async function builderEnvironment(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    const hasBuildx = (await capture("docker", ["buildx", "version"], { env })).code === 0;
    return hasBuildx ? env : { ...env, DOCKER_BUILDKIT: "0" };
}
