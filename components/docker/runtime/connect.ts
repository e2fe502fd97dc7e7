import * as pulumi from "@pulumi/pulumi";
import type { Docker } from "../dockerode";
import type { Readable } from "stream";
import { Patience, defaultPatience } from "../../observing/time";
import { withDeadlines } from "./deadlines";
import { DockerHost } from "./host";
import { sshAgent } from "./sshAgent";

/** A Docker daemon and where it is. */
export interface Connection {
    docker: Docker;
    host: DockerHost;
}

/** Each connection over SSH is a login, which may go through other machines or wait for a key. */
const sshAnswerMs = 30_000;

/** Opens the Docker Engine API of a host, with a deadline for each request. Nothing is sent yet. */
export async function connect(host: DockerHost, patience = patienceFor(host)): Promise<Docker> {
    return withDeadlines(await clientOf(host), patience);
}

function patienceFor({ url }: DockerHost): Patience {
    return url.startsWith("ssh:") ? { ...defaultPatience, answerMs: sshAnswerMs } : defaultPatience;
}

/** What is asked of the daemon past the library's functions, which have no way to read an answer as it comes. */
interface StreamRequest {
    path: string;
    method: string;
    options?: object;
    abortSignal?: AbortSignal;
}

/** Opens an answer that is read as it comes. */
export function openStream(docker: Docker, asked: StreamRequest): Promise<Readable> {
    const statusCodes = { 200: true, 404: "no such container", 500: "server error" };
    const request = { ...asked, isStream: true, statusCodes };
    return new Promise((resolve, reject) =>
        docker.modem.dial(request, (error, stream) => (error ? reject(error) : resolve(stream as Readable))),
    );
}

async function clientOf(host: DockerHost): Promise<Docker> {
    // Loaded here, because most programs on mocks never need it.
    const { Docker: Client } = await import("../dockerode");
    // The library mixes DOCKER_HOST into what it is given, unless the name is there.
    const base = { host: undefined, port: undefined, socketPath: undefined, protocol: "http" as const };
    const url = new URL(host.url);
    void pulumi.log.debug(`Connecting to the Docker daemon at ${describeHost(host.url)}.`);
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
            throw new Error(
                `${describeHost(host.url)} is not the address of a Docker daemon: use unix://, tcp:// or ssh://.`,
            );
    }
}

/** A daemon's address without a password. */
export function describeHost(address: string): string {
    return address.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, "$1:...@");
}
