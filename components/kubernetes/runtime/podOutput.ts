import * as pulumi from "@pulumi/pulumi";
import { PassThrough } from "stream";
import { Source } from "../../observing/runtime";
import { containerName } from "../names";
import { Cluster } from "./cluster";

/** Opens a Pod's output: all of it, or what comes from now on. */
export async function openPodOutput({ log, namespace }: Cluster, name: string, fromStart: boolean): Promise<Source> {
    void pulumi.log.debug(`Kubernetes: following the output of the Pod ${name}`);
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
    return { text, ended, end };
}
