import { spawn } from "child_process";
import type { Docker } from "../dockerode";
import * as http from "http";
import { Duplex } from "stream";
import { DockerHost } from "./host";

/** Opens the Docker Engine API of a host. Nothing is sent yet. */
export async function connect(host: DockerHost): Promise<Docker> {
    // Loaded here, because most programs on mocks never need it.
    const { Docker: Client } = await import("../dockerode");
    // The library mixes DOCKER_HOST into what it is given, unless the name is there.
    const base = { host: undefined, port: undefined, socketPath: undefined, protocol: "http" as const };
    const url = new URL(host.url);
    switch (url.protocol) {
        case "unix:":
        case "npipe:":
            return new Client({ ...base, socketPath: host.url.slice(`${url.protocol}//`.length) });
        case "ssh:":
            return new Client({ ...base, host: url.hostname, port: 80, ...{ agent: sshAgent(url, host.sshOptions) } });
        case "tcp:":
        case "http:":
        case "https:": {
            const secure = host.tls !== undefined || url.protocol === "https:";
            const port = url.port || (secure ? "2376" : "2375");
            return new Client({ ...base, ...host.tls, host: url.hostname, port, protocol: secure ? "https" : "http" });
        }
        default:
            throw new Error(`${host.url} is not the address of a Docker daemon: use unix://, tcp:// or ssh://.`);
    }
}

/**
 * Reaches a daemon through the `ssh` program, as the Docker provider and the Docker client do, so that the user's SSH settings,
 * keys and agents count.
 */
function sshAgent(url: URL, options: string[]): http.Agent {
    const agent = new http.Agent();
    const target = [...(url.username ? ["-l", url.username] : []), ...(url.port ? ["-p", url.port] : []), url.hostname];
    Object.assign(agent, {
        createConnection: () => {
            const ssh = spawn("ssh", [...options, ...target, "docker", "system", "dial-stdio"], {
                stdio: ["pipe", "pipe", "pipe"],
            });
            const connection = Duplex.from({ readable: ssh.stdout, writable: ssh.stdin });
            let complaint = "";
            ssh.stderr.on("data", (text) => (complaint += text));
            ssh.on("error", (error) => connection.destroy(error));
            ssh.on(
                "exit",
                (code) => code && connection.destroy(new Error(complaint.trim() || `ssh ended with ${code}`)),
            );
            connection.on("close", () => ssh.kill());
            return connection;
        },
    });
    return agent;
}
