import type { Docker } from "../../dockerode";
import * as pulumi from "@pulumi/pulumi";
import { show } from "../../../model/errors";
import { buildCommandOf } from "../../../libraries/images";
import { engineImage, kernels, kernelsLabel, programOf } from "../../../model/kernels";
import { Connection } from "../connect";
import { formatDaemonError, unlessGone } from "../retry";
import { loginFor, registryOf } from "./registryAuth";
import { NoAnswer } from "../../../observing/time";
import { informBriefly } from "../../../program/console";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const progressEveryMs = 2000;

/** What an engine needs of an image. */
export interface ImageDemand {
    image: string;
    /** The program that the image must have in its PATH; undefined where it may have any. */
    program?: string;
    /** Whether a script runs in front of the image's entrypoint. */
    needsShell?: boolean;
}

/** Says why an image cannot run a session's engines, or nothing. Pulls a missing image, but not in a preview. */
export async function imageProblem(
    connection: Connection,
    { image, program, needsShell = false }: ImageDemand,
    session: pulumi.Resource,
): Promise<string | undefined> {
    if (!isImageName(image)) {
        return `${show(image)} is not the name of an image, such as "python:3.12" or "registry.example.com/team/image:1"`;
    }
    const { docker } = connection;
    const inspect = () => unlessGone<Docker.ImageInspectInfo>(() => docker.getImage(image).inspect());
    let found = await inspect();
    const buildCommand = buildCommandOf(image);
    if (found === undefined && buildCommand !== undefined) {
        const title = image === engineImage ? "the default image" : "an image of this project";
        return `${show(image)}, ${title}, is not on the Docker host; build it with: ${buildCommand}`;
    }
    if (pulumi.runtime.isDryRun()) {
        return undefined;
    }
    if (found === undefined) {
        const failure = await pull(connection, image, session);
        found = failure === undefined ? await inspect() : undefined;
        if (found === undefined) {
            const remedy = `correct the name, give the login of ${registryOf(image)} (docker login on this machine, or registryAuth of a docker.Provider), or pull the image on the host`;
            return `${show(image)} is not on the Docker host and cannot be pulled (${failure ?? "it is still missing after the pull"}); ${remedy}`;
        }
    }
    if (program !== undefined && !(await hasProgram(docker, found, program))) {
        return `${show(image)} has no ${program} in its PATH; choose an image that has it, or another kernel or command`;
    }
    if (needsShell && kernelsIn(found) === undefined && !(await hasInPath(docker, found, "sh"))) {
        return `${show(image)} has no sh in its PATH, and maxSeconds needs it; choose an image that has it, or leave maxSeconds out`;
    }
    return undefined;
}

/** The entrypoints of those images that are on the host. In a preview, one may be missing. */
export async function readEntrypoints(
    docker: Docker,
    images: readonly Pick<ImageDemand, "image">[],
): Promise<ReadonlyMap<string, readonly string[]>> {
    const entrypoints = new Map<string, readonly string[]>();
    for (const image of new Set(images.map((each) => each.image))) {
        const found = await unlessGone<Docker.ImageInspectInfo>(() => docker.getImage(image).inspect());
        const own = found?.Config.Entrypoint ?? [];
        entrypoints.set(image, typeof own === "string" ? [own] : own);
    }
    return entrypoints;
}

/** Whether a text can be an image's name. Any other could change the path of a request to the daemon. */
function isImageName(text: string): boolean {
    return /^[\w.:@/-]+$/.test(text) && !/(^|\/)\.{0,2}(\/|$)/.test(text);
}

/** Pulls an image as the provider would, but shows progress, and before any resource exists. Returns why it failed. */
async function pull(
    { docker, host }: Connection,
    image: string,
    session: pulumi.Resource,
): Promise<string | undefined> {
    const report = (text: string) => void informBriefly(text, session);
    report(`Pulling the image ${image}`);
    try {
        const registry = registryOf(image);
        const login = await loginFor(registry, host.registryAuth ?? [], process.env);
        void pulumi.log.debug(`Pulling ${image} from ${registry} ${login ? "with" : "without"} a login.`);
        // Without a tag, the API would pull all of them.
        const name = /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
        const stream = await docker.pull(name, login && { authconfig: login });
        await untilPulled(docker, stream, (progress) => report(`Pulling the image ${image}: ${progress}`));
        return undefined;
    } catch (error) {
        if (error instanceof NoAnswer) {
            throw error;
        }
        return formatDaemonError(error);
    }
}

/** An event of a pull. */
interface PullEvent {
    id?: string;
    status?: string;
    progress?: string;
    error?: string;
}

function untilPulled(docker: Docker, stream: NodeJS.ReadableStream, report: (progress: string) => void): Promise<void> {
    let last = Date.now();
    let failure: string | undefined;
    return new Promise((resolve, reject) => {
        docker.modem.followProgress(
            stream,
            (error) => {
                const reason = error ?? (failure === undefined ? undefined : new Error(failure));
                return reason ? reject(reason) : resolve();
            },
            ({ id, status, progress, error }: PullEvent) => {
                // The daemon has answered with 200 by then, so a failure comes as an event, and the library passes over it.
                failure ??= error;
                if (Date.now() - last > progressEveryMs) {
                    last = Date.now();
                    report([id, status, progress].filter(Boolean).join(" "));
                }
            },
        );
    });
}

/**
 * Searches an image for a program. Images of this project list their programs in a label; in any other, a container that is never started
 * shows its files. An image with an entrypoint passes: the entrypoint may find the program anywhere.
 */
async function hasProgram(docker: Docker, image: Docker.ImageInspectInfo, program: string): Promise<boolean> {
    const labelled = kernelsIn(image);
    if (labelled !== undefined) {
        return kernels.some((kernel) => programOf(kernel) === program && labelled.includes(kernel));
    }
    if ((image.Config.Entrypoint ?? []).length > 0) {
        return true;
    }
    return hasInPath(docker, image, program);
}

/** The kernels that an image of this project names. */
function kernelsIn(image: Docker.ImageInspectInfo): string[] | undefined {
    return image.Config.Labels?.[kernelsLabel]?.split(",");
}

async function hasInPath(docker: Docker, image: Docker.ImageInspectInfo, program: string): Promise<boolean> {
    const path = image.Config.Env?.find((line) => line.startsWith("PATH="))?.slice("PATH=".length) ?? defaultPath;
    const probe = await docker.createContainer({ Image: image.Id, Cmd: [program] });
    try {
        for (const folder of path.split(":")) {
            const there = await probe.infoArchive({ path: `${folder}/${program}` }).then(
                () => true,
                (error: unknown) => error instanceof NoAnswer && Promise.reject(error),
            );
            if (there) {
                return true;
            }
        }
        return false;
    } finally {
        await probe.remove({ force: true });
    }
}
