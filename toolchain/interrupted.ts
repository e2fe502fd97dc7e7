import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Backend } from "../components/model/args";
import { capture, print } from "./progress";
import { backendOf } from "./stacks";
import { projectFolder } from "./versions";

/** What Pulumi exports of a stack. */
interface State {
    deployment: { resources?: { urn: string; type: string; outputs?: Record<string, unknown> }[] };
}

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

/** The uids of a stack's sessions, which no other state has. */
export async function readUids(stack: string, env: NodeJS.ProcessEnv): Promise<string[]> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-"));
    try {
        const file = path.join(folder, "state.json");
        const args = ["stack", "export", "--stack", stack, "--file", file];
        const { code } = await capture("pulumi", args, { env, cwd: projectFolder });
        // A stack that cannot be read is not destroyed either, and says why.
        const { deployment } = code === 0 ? (JSON.parse(fs.readFileSync(file, "utf8")) as State) : { deployment: {} };
        return (deployment.resources ?? []).flatMap(({ urn, type, outputs }) =>
            type === "pulumi:index:Stash" && urn.endsWith("-uid") ? [String(outputs?.output)] : [],
        );
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

/** Removes what a destroyed stack still has on the Docker host: a killed `up` leaves containers that Pulumi does not know. */
export function removeLeftovers(stack: string, uids: string[], env: NodeJS.ProcessEnv): Promise<void> {
    return removeFromHost(stack, { uids, kinds: [containers, networks, volumes] }, env);
}

/** Removes the containers of a stack, which keep its network from being removed where Pulumi does not know of them. */
export function removeContainers(stack: string, uids: string[], env: NodeJS.ProcessEnv): Promise<void> {
    return removeFromHost(stack, { uids, kinds: [containers] }, env);
}

async function removeFromHost(
    stack: string,
    { uids, kinds }: { uids: string[]; kinds: { list: string[]; id: string; remove: string[] }[] },
    env: NodeJS.ProcessEnv,
): Promise<void> {
    if (backendOf(stack) !== Backend.Docker) {
        // On a cluster, everything belongs to the session's Service, and goes with it.
        return;
    }
    // Loaded here: it loads the SDK, and `npm start` does not need it.
    const { label } = await import("../components/model/labels");
    for (const { list, id, remove } of kinds) {
        const format = `{{${id}}} {{.Label ${JSON.stringify(label.generation)}}}`;
        const filter = ["--filter", `label=${label.session}`, "--format", format];
        const { output } = await capture("docker", [...list, ...filter], { env });
        const lines = output.split("\n").map((line) => line.split(" "));
        const ids = lines.filter(([, token]) => uids.some((uid) => token?.includes(uid)));
        if (ids.length > 0) {
            await capture("docker", [...remove, ...ids.map(([found]) => found!)], { env });
        }
    }
}
