import type { Docker } from "../dockerode";
import * as pulumi from "@pulumi/pulumi";
import { Owner } from "../owner";
import { listOwn } from "./inventory";
import { pause } from "../../observing/time";
import { warn } from "../../program/console";

const lookEveryMs = 5000;

/**
 * Reports the containers of a session that somebody has paused: `up` waits for what they do, and they do nothing. With a signal, it goes on
 * until nobody waits any more.
 */
export async function reportPaused(
    docker: Docker,
    owner: Owner,
    session: pulumi.Resource,
    signal?: AbortSignal,
): Promise<void> {
    let reported: string[] = [];
    do {
        // What keeps the daemon from answering is reported by who waits for it.
        const paused = await listPaused(docker, owner).catch(() => reported);
        for (const name of paused.filter((each) => !reported.includes(each))) {
            await warn(`The container ${name} is paused, and its engine does nothing: docker unpause ${name}`, session);
        }
        reported = paused;
        await (signal && pause(lookEveryMs, signal));
    } while (signal?.aborted === false);
}

async function listPaused(docker: Docker, owner: Owner): Promise<string[]> {
    const containers = await listOwn(docker, owner, { status: ["paused"] });
    return containers.map(({ Id, Names }) => Names[0]?.replace(/^\//, "") ?? Id);
}
