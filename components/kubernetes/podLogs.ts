import { PassThrough } from "stream";
import { Following, followText } from "../observing/following";
import { Mask } from "../observing/mask";
import { Cluster } from "./cluster";
import { containerName } from "./pod";

/** Hands over a Pod's output, line by line and in small batches: all of it, or what comes from now on. */
export async function followPod(
    { log, namespace }: Cluster,
    name: string,
    fromStart: boolean,
    mask: Mask,
    show: (lines: string) => Promise<void>,
): Promise<Following> {
    const text = new PassThrough();
    const ended = new Promise<void>((resolve) => {
        text.on("end", resolve);
        text.on("close", resolve);
        text.on("error", () => resolve());
    });
    const connection = await log.log(namespace, name, containerName, text, {
        follow: true,
        ...(fromStart ? {} : { tailLines: 0 }),
    });
    const end = () => {
        connection.abort();
        text.destroy();
    };
    return followText({ text, ended, end }, mask, show);
}
