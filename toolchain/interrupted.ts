import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Backend } from "../components/model/args";
import { label } from "../components/model/labels";
import { capture, say } from "./progress";
import { backendOf } from "./stacks";
import { projectFolder } from "./versions";

/** What Pulumi writes down of the command that holds a stack. */
interface Lock {
    pid: number;
    hostname: string;
}

/** Frees a stack that a killed `pulumi` still holds: with state in files, on the machine where it ran, that can be seen. */
export async function freeStack(stack: string, env: NodeJS.ProcessEnv): Promise<void> {
    const locks = readLocks(stack, env);
    if (locks.length > 0 && locks.every(({ pid, hostname }) => hostname === os.hostname() && !isAlive(pid))) {
        say(`Freeing the stack ${stack}, which a pulumi command held that was killed.`);
        await capture("pulumi", ["cancel", "--yes", "--stack", stack], { env, cwd: projectFolder });
    }
}

function readLocks(stack: string, { PULUMI_BACKEND_URL: url = "" }: NodeJS.ProcessEnv): Lock[] {
    const folder = path.join(url.replace("file://", ""), ".pulumi/locks/organization/distributed-session", stack);
    const files = url.startsWith("file://") && fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    const isLock = (file: string) => file.endsWith(".json");
    return files.filter(isLock).map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as Lock);
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // Somebody else's process is one too.
        return (error as { code?: string }).code === "EPERM";
    }
}

/** Removes what a stack still has on the Docker host once it is destroyed: a killed `up` makes things that Pulumi does not know of. */
export async function removeLeftovers(stack: string, env: NodeJS.ProcessEnv): Promise<void> {
    if (backendOf(stack) !== Backend.Docker) {
        // There, all belongs to the session's Service.
        return;
    }
    for (const [list, remove] of [
        [
            ["ps", "--all"],
            ["rm", "--force", "--volumes"],
        ],
        [
            ["network", "ls"],
            ["network", "rm"],
        ],
    ] as const) {
        const format = `{{.ID}} {{.Label ${JSON.stringify(label.session)}}}`;
        const filter = ["--filter", `label=${label.session}`, "--format", format];
        const { output } = await capture("docker", [...list, ...filter], { env });
        const lines = output.split("\n").map((line) => line.split(" "));
        const ids = lines.filter(([, session]) => session?.startsWith(`distributed-session/${stack}/`));
        if (ids.length > 0) {
            await capture("docker", [...remove, ...ids.map(([id]) => id!)], { env });
        }
    }
}
