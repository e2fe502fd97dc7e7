import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Backend } from "../components/model/args";
import { capture, print } from "./progress";
import { backendOf } from "./stacks";
import { projectFolder } from "./versions";

/** What Pulumi records about the command that locks a stack. */
interface Lock {
    pid: number;
    hostname: string;
}

/** Unlocks a stack whose `pulumi` command was killed. Only a lock in files and of a process on this machine can be checked. */
export async function unlockStack(stack: string, env: NodeJS.ProcessEnv): Promise<void> {
    const locks = readLocks(stack, env);
    if (locks.length > 0 && locks.every(({ pid, hostname }) => hostname === os.hostname() && !isAlive(pid))) {
        print(`Unlocking the stack ${stack}: the pulumi command that held it was killed.`);
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
        // The process of another user is alive too.
        return (error as { code?: string }).code === "EPERM";
    }
}

/** What a session has on a Docker host: how docker lists and how it removes it. */
const containers = { list: ["ps", "--all"], id: ".ID", remove: ["rm", "--force", "--volumes"] };
const networks = { list: ["network", "ls"], id: ".ID", remove: ["network", "rm"] };
const volumes = { list: ["volume", "ls"], id: ".Name", remove: ["volume", "rm"] };

/** Removes what a destroyed stack still has on the Docker host: a killed `up` leaves containers that Pulumi does not know. */
export function removeLeftovers(stack: string, env: NodeJS.ProcessEnv): Promise<void> {
    return removeFromHost(stack, [containers, networks, volumes], env);
}

/** Removes the containers of a stack, which keep its network from being removed where Pulumi does not know of them. */
export function removeContainers(stack: string, env: NodeJS.ProcessEnv): Promise<void> {
    return removeFromHost(stack, [containers], env);
}

async function removeFromHost(
    stack: string,
    kinds: { list: string[]; id: string; remove: string[] }[],
    env: NodeJS.ProcessEnv,
): Promise<void> {
    if (backendOf(stack) !== Backend.Docker) {
        // On a cluster, everything belongs to the session's Service, and goes with it.
        return;
    }
    // Loaded here: it loads the SDK, and `npm start` does not need it.
    const { label } = await import("../components/model/labels");
    for (const { list, id, remove } of kinds) {
        const format = `{{${id}}} {{.Label ${JSON.stringify(label.session)}}}`;
        const filter = ["--filter", `label=${label.session}`, "--format", format];
        const { output } = await capture("docker", [...list, ...filter], { env });
        const lines = output.split("\n").map((line) => line.split(" "));
        const ids = lines.filter(([, session]) => session?.startsWith(`distributed-session/${stack}/`));
        if (ids.length > 0) {
            await capture("docker", [...remove, ...ids.map(([found]) => found!)], { env });
        }
    }
}
