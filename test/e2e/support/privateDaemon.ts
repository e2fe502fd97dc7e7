import { ChildProcess, execFileSync, spawn, spawnSync } from "child_process";
import * as fs from "fs";
import * as net from "net";
import * as os from "os";
import * as path from "path";
import { Host } from "./docker";

const startMs = 60_000;

/** Why there can be no second Docker daemon on this machine; nothing if there can. */
export function whyNoPrivateDaemon(): string | undefined {
    if (process.getuid?.() !== 0) {
        return "a second Docker daemon needs root";
    }
    const missing = ["dockerd", "containerd", "ip", "nsenter", "unshare"].filter(
        (name) => spawnSync("sh", ["-c", `PATH=$PATH:/usr/sbin:/sbin command -v ${name}`]).status !== 0,
    );
    return missing.length === 0 ? undefined : `a second Docker daemon needs ${missing.join(" and ")} on this machine`;
}

/**
 * A Docker daemon of the tests' own, that may be restarted: in a network namespace of its own, with storage of its own. It is
 * reached over TCP, like one on another machine.
 */
export class PrivateDaemon {
    readonly host: Host;
    private daemon: ChildProcess | undefined;
    private readonly servers: net.Server[] = [];
    private port = 0;

    private constructor(private readonly folder: string) {
        this.host = new Host(this.socket());
    }

    /** Starts one; with a size, its storage is a disk of so many MiB. */
    static async start(diskMib?: number): Promise<PrivateDaemon> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-daemon-"));
        const daemon = new PrivateDaemon(folder);
        fs.mkdirSync(daemon.data());
        if (diskMib !== undefined) {
            run("mount", "-t", "tmpfs", "-o", `size=${diskMib}m`, "tmpfs", daemon.data());
        }
        daemon.makeNamespace();
        await daemon.launch();
        await daemon.listen();
        return daemon;
    }

    /** The daemon's address. */
    get url(): string {
        return `tcp://127.0.0.1:${this.port}`;
    }

    /** Copies an image from the machine's own daemon. */
    load(image: string): void {
        run("sh", "-c", `docker save ${image} | docker -H unix://${this.socket()} load`);
    }

    /** Fills its disk, to the last byte or but for so many MiB, and returns a function that frees it again. */
    fillDisk(leftMib = 0): () => void {
        const file = path.join(this.data(), "filler");
        const { bavail, bsize } = fs.statfsSync(this.data());
        const mib = Math.ceil((bavail * bsize) / 2 ** 20) - leftMib;
        spawnSync("dd", ["if=/dev/zero", `of=${file}`, "bs=1M", `count=${mib}`]);
        return () => fs.rmSync(file);
    }

    /** Stops the daemon as a restart of the machine's service would, and starts it again. */
    async restart(): Promise<void> {
        await this.halt();
        await this.launch();
    }

    /** Ends the daemon and every container at once, as a machine does that loses its power, and starts it again. */
    async crash(): Promise<void> {
        const gone = new Promise((resolve) => this.daemon!.on("exit", resolve));
        // The programs that hold containers have the daemon's folder in their command; containers end with them.
        const containers = await this.host.docker.listContainers();
        const pids = await Promise.all(
            containers.map(async ({ Id }) => (await this.host.docker.getContainer(Id).inspect()).State.Pid),
        );
        this.daemon!.kill("SIGKILL");
        spawnSync("pkill", ["-KILL", "-f", this.folder]);
        pids.forEach((pid) => spawnSync("kill", ["-KILL", String(pid)]));
        await gone;
        // What lies in memory is lost with it: the network, what was mounted, and what runs.
        this.unmount();
        fs.rmSync(path.join(this.folder, "pid"), { force: true });
        fs.rmSync(path.join(this.folder, "exec"), { recursive: true, force: true });
        this.makeNamespace();
        await this.launch();
    }

    async remove(): Promise<void> {
        this.servers.forEach((server) => server.close());
        await this.halt();
        this.unmount();
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    /** Not by `ip netns add`: the first one on a machine mounts over the folder in which a cluster's node has the networks of its Pods. */
    private makeNamespace(): void {
        fs.writeFileSync(this.network(), "");
        run("unshare", `--net=${this.network()}`, "ip", "link", "set", "lo", "up");
    }

    private unmount(): void {
        spawnSync("sh", ["-c", `grep -o ' ${this.folder}[^ ]*' /proc/mounts | sort -r | xargs -r umount -l`]);
    }

    private data(): string {
        return path.join(this.folder, "data");
    }

    private network(): string {
        return path.join(this.folder, "network");
    }

    private socket(): string {
        return path.join(this.folder, "docker.sock");
    }

    private async launch(): Promise<void> {
        const place = (name: string) => path.join(this.folder, name);
        const log = fs.openSync(place("log"), "a");
        // The machine's own configuration is not for this daemon.
        fs.writeFileSync(place("config.json"), "{}");
        this.daemon = spawn(
            // Not `ip netns exec`: it hides the control groups, which the daemon needs.
            "nsenter",
            [
                ...[`--net=${this.network()}`, "dockerd"],
                ...["--host", `unix://${this.socket()}`, "--data-root", this.data(), "--exec-root", place("exec")],
                ...["--pidfile", place("pid"), "--config-file", place("config.json")],
            ],
            { stdio: ["ignore", log, log], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } },
        );
        fs.closeSync(log);
        for (const end = Date.now() + startMs; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
            if (
                await this.host.docker.ping().then(
                    () => true,
                    () => false,
                )
            ) {
                return;
            }
            if (Date.now() > end) {
                throw new Error(
                    `The private daemon does not start:\n${fs.readFileSync(place("log"), "utf8").slice(-2000)}`,
                );
            }
        }
    }

    private async halt(): Promise<void> {
        const daemon = this.daemon!;
        const gone = new Promise((resolve) => daemon.on("exit", resolve));
        process.kill(Number(fs.readFileSync(path.join(this.folder, "pid"), "utf8")), "SIGTERM");
        await gone;
    }

    /** Passes connections on from a TCP port to the daemon's socket. */
    private async listen(): Promise<void> {
        const server = net.createServer({ allowHalfOpen: true }, (client) => {
            const upstream = net.connect({ path: this.socket(), allowHalfOpen: true });
            client.pipe(upstream).pipe(client);
            client.on("error", () => upstream.destroy());
            client.on("close", () => upstream.destroy());
            upstream.on("error", () => client.destroy());
        });
        this.servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        this.port = (server.address() as net.AddressInfo).port;
    }
}

function run(command: string, ...args: string[]): void {
    execFileSync(command, args, {
        stdio: "pipe",
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    });
}
