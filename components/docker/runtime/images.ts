import type { Docker } from "../dockerode";
import * as pulumi from "@pulumi/pulumi";
import { engineImage, kernelsLabel } from "../../model/engineImage";
import { show } from "../../model/errors";
import { kernels, programOf } from "../../model/kernels";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const progressEveryMs = 2000;

/** Says why an image cannot run a session's engines, or nothing. Gets the image where it is not there, unless it only looks. */
export async function imageProblem(
    docker: Docker,
    image: string,
    program: string | undefined,
    session: pulumi.Resource,
    lookOnly: boolean,
): Promise<string | undefined> {
    let found = await inspectImage(docker, image);
    if (found === undefined && image === engineImage) {
        return `${show(image)}, the default image, is not on the Docker host; build it with: docker build -t ${image} <the folder engine/ of distributed-session>`;
    }
    if (found === undefined && !lookOnly) {
        const failure = await pull(docker, image, session);
        if (failure !== undefined) {
            return `${show(image)} is not on the Docker host and cannot be pulled (${failure}); correct the name, or pull it there first`;
        }
        found = await inspectImage(docker, image);
    }
    if (found === undefined || program === undefined || lookOnly) {
        return undefined;
    }
    return (await hasProgram(docker, found, program))
        ? undefined
        : `${show(image)} has no ${program} in its PATH; choose an image that has it, or another kernel or command`;
}

async function inspectImage(docker: Docker, image: string): Promise<Docker.ImageInspectInfo | undefined> {
    try {
        return await docker.getImage(image).inspect();
    } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) {
            return undefined;
        }
        throw error;
    }
}

/** Pulls an image as the provider would, but shows progress, and before anything else of the session is made. */
async function pull(docker: Docker, image: string, session: pulumi.Resource): Promise<string | undefined> {
    const say = (text: string) => void pulumi.log.info(text, session, undefined, true);
    say(`Pulling the image ${image}`);
    try {
        // Without a tag, the API would pull all of them.
        const stream = await docker.pull(/[:@][^/]*$/.test(image) ? image : `${image}:latest`);
        await new Promise<void>((resolve, reject) => {
            let last = Date.now();
            docker.modem.followProgress(
                stream,
                (error) => (error ? reject(error) : resolve()),
                (event: { status?: string; progress?: string; id?: string }) => {
                    if (Date.now() - last > progressEveryMs) {
                        last = Date.now();
                        say(
                            `Pulling the image ${image}: ${[event.id, event.status, event.progress].filter(Boolean).join(" ")}`,
                        );
                    }
                },
            );
        });
        return undefined;
    } catch (error) {
        return formatDaemonError(error);
    }
}

/** The daemon's own words, without the HTTP status around them. */
export function formatDaemonError(error: unknown): string {
    const { json, message } = error as { json?: { message?: string }; message?: string };
    return (json?.message ?? message ?? String(error)).trim().replace(/\s+/g, " ");
}

/**
 * Looks for a program in an image. The images of this project say what they have in a label; any other is looked into by a container that
 * is never started. What an entrypoint of the image's own finds cannot be told, so such an image passes.
 */
async function hasProgram(docker: Docker, image: Docker.ImageInspectInfo, program: string): Promise<boolean> {
    const labelled = image.Config.Labels?.[kernelsLabel]?.split(",");
    if (labelled !== undefined) {
        return kernels.some((kernel) => programOf(kernel) === program && labelled.includes(kernel));
    }
    if ((image.Config.Entrypoint ?? []).length > 0) {
        return true;
    }
    const path = image.Config.Env?.find((line) => line.startsWith("PATH="))?.slice("PATH=".length) ?? defaultPath;
    const probe = await docker.createContainer({ Image: image.Id, Cmd: [program] });
    try {
        for (const folder of path.split(":")) {
            const there = await probe.infoArchive({ path: `${folder}/${program}` }).then(
                () => true,
                () => false,
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
