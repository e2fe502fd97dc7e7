import * as pulumi from "@pulumi/pulumi";
import { ChildProcessByStdio, spawn } from "child_process";
import * as http from "http";
import { Duplex, PassThrough, Readable, Writable } from "stream";

type SshProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Reaches a daemon through the `ssh` program, as the Docker provider and the Docker client do, so that the user's SSH settings,
 * keys and agents count. Each connection is a login, so a connection that has served a request serves the next one.
 */
export function sshAgent(url: URL, options: string[]): http.Agent {
    // A URL has an IPv6 address in brackets, and ssh takes none.
    const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const target = [...(url.username ? ["-l", url.username] : []), ...(url.port ? ["-p", url.port] : []), name];
    const command = [...options, ...target, "docker", "system", "dial-stdio"];
    const agent = new http.Agent({ keepAlive: true });
    const createConnection = () => {
        void pulumi.log.debug(`Opening an SSH connection to ${name}.`);
        return connectionOf(spawn("ssh", command, { stdio: ["pipe", "pipe", "pipe"] }));
    };
    return Object.assign(agent, { createConnection });
}

/** The streams of an `ssh` program as a connection; the agent calls `unref` when it is idle, and `ref` when it is used again. */
function connectionOf(ssh: SshProcess): Duplex {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const connection = Duplex.from({ readable: output, writable: input });
    let isIdle = false;
    let complaint = "";
    // A broken pipe says less than what ssh prints, so only the end of ssh ends the connection.
    input.pipe(ssh.stdin).on("error", () => undefined);
    ssh.stdout.pipe(output, { end: false });
    ssh.stderr.on("data", (text) => (complaint += text));
    ssh.on("error", (error) => connection.destroy(error));
    ssh.on("close", (code) => {
        if (code) {
            connection.destroy(new Error(complaint.trim() || `ssh ended with ${code}`));
        } else if (isIdle) {
            connection.destroy();
        } else {
            output.end();
        }
    });
    connection.on("close", () => ssh.kill());
    // An idle connection must not keep the program from ending.
    const parts = [ssh, ssh.stdin, ssh.stdout, ssh.stderr] as unknown as { ref(): void; unref(): void }[];
    const setIdle = (idle: boolean) => {
        isIdle = idle;
        parts.forEach((part) => (idle ? part.unref() : part.ref()));
    };
    const nothing = () => undefined;
    const timers = { setKeepAlive: nothing, setNoDelay: nothing, setTimeout: nothing };
    return Object.assign(connection, { ...timers, ref: () => setIdle(false), unref: () => setIdle(true) });
}
