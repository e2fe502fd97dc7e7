import * as net from "node:net";
import * as path from "node:path";
import { attempt } from "./command";
import { findProgram } from "./places";

const host = "get.pulumi.com";

let answer: Promise<boolean> | undefined;

/** Whether Pulumi's download site can be reached. Asked once, and answered within 5 s. */
export function officialSiteAnswers(): Promise<boolean> {
    return (answer ??= connects());
}

function connects(): Promise<boolean> {
    // Behind a proxy a direct connection proves nothing, and proxies answer fast.
    if (process.env.HTTPS_PROXY || process.env.https_proxy) return Promise.resolve(true);
    return new Promise((resolve) => {
        const socket = net.connect({ host, port: 443 });
        const end = (reached: boolean) => {
            clearTimeout(timer);
            socket.destroy();
            resolve(reached);
        };
        const timer = setTimeout(end, 5000, false);
        socket.on("connect", () => end(true)).on("error", () => end(false));
    });
}

/** Downloads a release of the Pulumi CLI and unpacks it into `folder`. */
export async function downloadRelease(version: string, folder: string): Promise<boolean> {
    const platform = releasePlatform();
    if (platform === undefined || findProgram("curl") === undefined || findProgram("tar") === undefined) return false;
    if (!(await officialSiteAnswers())) return false;

    const archive = path.join(folder, "pulumi.tar.gz");
    const url = `https://${host}/releases/sdk/pulumi-v${version}-${platform}.tar.gz`;
    // 1 KiB/s for 15 s is a download that will not end.
    const patience = ["--connect-timeout", "5", "--speed-limit", "1024", "--speed-time", "15"];
    const curl = ["curl", "--fail", "--location", "--progress-bar", ...patience, "--output", archive, url];
    const untar = ["tar", "-xzf", archive, "-C", folder, "--strip-components=1"];
    return (
        (await attempt(`Downloading Pulumi ${version}`, curl)) && (await attempt(`Unpacking Pulumi ${version}`, untar))
    );
}

function releasePlatform(): string | undefined {
    const system = { linux: "linux", darwin: "darwin" }[process.platform as string];
    const processor = { x64: "x64", arm64: "arm64" }[process.arch as string];
    return system && processor && `${system}-${processor}`;
}
