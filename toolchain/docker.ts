import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Missing, needLeave } from "./missing";
import { capture, isOnPath, run, say } from "./progress";

const startSeconds = 60;
const daemonLog = "/var/log/distributed-session-dockerd.log";

/**
 * Sees to it that a Docker daemon answers, and tells the environment in which programs find it: one that DOCKER_HOST or the Docker
 * client's context names, else one on this machine, which is installed and started where that can be done.
 */
export async function ensureDocker(): Promise<NodeJS.ProcessEnv> {
    if ((await capture("docker", ["info", "--format", "{{.ID}}"], { timeoutSeconds: startSeconds })).code === 0) {
        return contextEnvironment();
    }
    const named = process.env.DOCKER_HOST ?? process.env.DOCKER_CONTEXT ?? (await currentContext());
    if (named !== undefined) {
        throw new Missing(`The Docker daemon of ${named} does not answer: start it, or name another in DOCKER_HOST.`);
    }
    needLeave("A running Docker daemon is needed: install and start Docker, https://docs.docker.com/engine/install.");
    await installDocker();
    await startDocker();
    return {};
}

/** Pulumi's Docker provider does not read the client's current context, so it is told the context's host. */
async function contextEnvironment(): Promise<NodeJS.ProcessEnv> {
    if (process.env.DOCKER_HOST !== undefined || (await currentContext()) === undefined) {
        return {};
    }
    const { output } = await capture("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]);
    return { DOCKER_HOST: output.trim() };
}

/** The Docker client's context, where it is not the default one. */
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
        throw new Missing("Docker is needed: install it, https://docs.docker.com/engine/install, and start it.");
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
        throw new Missing("The Docker daemon does not run: start it, for example with: sudo systemctl start docker");
    }
    if (fs.existsSync("/run/systemd/system")) {
        await run("Starting the Docker daemon", "systemctl", ["start", "docker"]);
    } else {
        say(`Starting the Docker daemon by hand (its log: ${daemonLog}) ...`);
        // A shell in between, so that the daemon outlives this program and its terminal.
        await capture("sh", ["-c", `setsid dockerd >>${daemonLog} 2>&1 </dev/null &`], { env: rootEnvironment() });
    }
    for (let waited = 0; waited < startSeconds; waited++) {
        if ((await capture("docker", ["info", "--format", "{{.ID}}"])).code === 0) {
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const log = fs.existsSync(daemonLog) ? fs.readFileSync(daemonLog, "utf8").trimEnd().split("\n").slice(-5) : [];
    throw new Missing(["The Docker daemon was started and does not answer. The end of its log:", ...log].join("\n  "));
}

/** Whether programs may be installed for the whole machine. */
export function isRoot(): boolean {
    return process.getuid?.() === 0;
}

/** Whether this is Debian or one of its children, such as Ubuntu. */
export function isDebian(): boolean {
    const file = path.join("/etc", "os-release");
    return (
        os.platform() === "linux" &&
        fs.existsSync(file) &&
        /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(fs.readFileSync(file, "utf8"))
    );
}

/** Daemons lie in folders that not every shell has on its PATH. */
function rootEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
}
