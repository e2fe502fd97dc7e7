import * as pulumi from "@pulumi/pulumi";
import * as fs from "fs";
import { harmlessLines } from "../output/harmless";
import { isRunByCli } from "./mode";
import { withoutTraces } from "./traces";

/** Shows a text under a resource. It may quote engines, a daemon or a cluster. */
export function inform(text: string, resource: pulumi.Resource): Promise<void> {
    return pulumi.log.info(harmlessLines(text), resource);
}

/** Shows a warning under a resource. It may quote engines, a daemon or a cluster. */
export function warn(text: string, resource: pulumi.Resource): Promise<void> {
    return pulumi.log.warn(harmlessLines(text), resource);
}

/** Shows a text for as long as no other one comes. */
export function informBriefly(text: string, resource: pulumi.Resource): Promise<void> {
    return pulumi.log.info(harmlessLines(text), resource, undefined, true);
}

/**
 * Shows lines under a resource, each once. Without a terminal, the CLI writes the first line of a message at once and all of it again at
 * the end, but an ephemeral message only at once. In a terminal, an ephemeral message is gone when the next one comes.
 */
export async function showLines(lines: string, resource: pulumi.Resource): Promise<void> {
    if (hasTerminal()) {
        return pulumi.log.info(lines, resource);
    }
    const shown = withoutTraces(() =>
        lines.split("\n").map((line) => pulumi.log.info(line, resource, undefined, true)),
    );
    await Promise.all(shown);
}

/** Whether Pulumi's CLI writes to a terminal. Only Linux says so of another process; elsewhere it is taken for one. */
function hasTerminal(): boolean {
    try {
        // The CLI runs the language host, and that runs this program.
        const [, cli] = /^PPid:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/${process.ppid}/status`, "utf8"))!;
        return !isRunByCli() || /^\/dev\/(pts\/|tty|console)/.test(fs.readlinkSync(`/proc/${cli}/fd/1`));
    } catch {
        return true;
    }
}
