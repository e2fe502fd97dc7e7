import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { MissingPrerequisite, requirePermission } from "./prerequisites";
import { capture, isOnPath, print, run } from "./progress";

const startSeconds = 60;
const daemonLog = "/var/log/distributed-session-dockerd.log";
const installation = "https://docs.docker.com/engine/install";

/**
 * Makes sure that a Docker daemon answers, and returns the variables with which programs find it: the daemon of DOCKER_HOST or of the
 * Docker client's context, else one on this machine, which is installed and started where that is possible.
 */
export async function ensureDocker(): Promise<NodeJS.ProcessEnv> {
    if (await answers(startSeconds)) {
        return contextEnvironment();
    }
    const named = process.env.DOCKER_HOST ?? process.env.DOCKER_CONTEXT ?? (await currentContext());
    if (named !== undefined) {
        throw new MissingPrerequisite(
            `The Docker daemon of ${named} does not answer: start it, or name another one in DOCKER_HOST.`,
        );
    }
    requirePermission(`A running Docker daemon is needed: install and start Docker, ${installation}.`);
    await installDocker();
    await startDocker();
    return {};
}

async function answers(timeoutSeconds?: number): Promise<boolean> {
    return (await capture("docker", ["info", "--format", "{{.ID}}"], { timeoutSeconds })).code === 0;
}

/** Pulumi's Docker provider ignores the client's current context, so the context's host is passed to it. */
async function contextEnvironment(): Promise<NodeJS.ProcessEnv> {
    if (process.env.DOCKER_HOST !== undefined || (await currentContext()) === undefined) {
        return {};
    }
    const { output } = await capture("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]);
    return { DOCKER_HOST: output.trim() };
}

/** The Docker client's context; undefined if it is the default one. */
async function currentContext(): Promise<string | undefined> {
    const { code, output } = await capture("docker", ["context", "show"]);
    const name = output.trim();
    return code === 0 && name !== "" && name !== "default" ? name : undefined;
}

async function installDocker(): Promise<void> {
    if (await isOnPath("dockerd", rootEnvironment())) {
        return;
    }
    if (!isRoot() || !isDebian()) {
        throw new MissingPrerequisite(`Docker is needed: install it, ${installation}, and start it.`);
    }
    await aptInstall("docker.io");
}

/** Installs a package of the distribution. */
export async function aptInstall(name: string): Promise<void> {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("Updating the list of packages", "apt-get", ["update"], { env });
    await run(`Installing ${name}`, "apt-get", ["install", "--yes", "--no-install-recommends", "--no-remove", name], {
        env,
    });
}

async function startDocker(): Promise<void> {
    if (!isRoot()) {
        throw new MissingPrerequisite(
            "The Docker daemon is not running: start it, for example with: sudo systemctl start docker",
        );
    }
    if (fs.existsSync("/run/systemd/system")) {
        await run("Starting the Docker daemon", "systemctl", ["start", "docker"]);
    } else {
        print(`Starting the Docker daemon without systemd (log: ${daemonLog}) ...`);
        // A shell in between detaches the daemon from this program and its terminal.
        await capture("sh", ["-c", `setsid dockerd >>${daemonLog} 2>&1 </dev/null &`], { env: rootEnvironment() });
    }
    for (let waited = 0; waited < startSeconds; waited++) {
        if (await answers()) {
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const log = fs.existsSync(daemonLog) ? fs.readFileSync(daemonLog, "utf8").trimEnd().split("\n").slice(-5) : [];
    const problem = `The Docker daemon was started and does not answer after ${startSeconds} s. The last lines of its log:`;
    throw new MissingPrerequisite([problem, ...log].join("\n  "));
}

/** Whether this program may install packages for the whole machine. */
export function isRoot(): boolean {
    return process.getuid?.() === 0;
}

/** Whether this is Debian or a distribution that descends from it, such as Ubuntu. */
export function isDebian(): boolean {
    const file = path.join("/etc", "os-release");
    return (
        os.platform() === "linux" &&
        fs.existsSync(file) &&
        /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(fs.readFileSync(file, "utf8"))
    );
}

/** An environment with the folders of daemons on its PATH, which not every shell has. */
function rootEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
}
