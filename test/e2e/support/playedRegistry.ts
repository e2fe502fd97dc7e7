import { execFileSync } from "child_process";
import * as crypto from "crypto";
import * as http from "http";
import { AddressInfo } from "net";

/** A registry on this machine that has one image, for those who know its login. */
export class PlayedRegistry {
    readonly username = "me";
    readonly password = "registry-word";
    /** Whether the layer arrives with other bytes than its digest says. */
    isBroken = false;
    private readonly blobs = new Map<string, Buffer>();
    private readonly manifest: string;
    private readonly server: http.Server;

    private constructor() {
        const layer = execFileSync("tar", ["-c", "-C", "/etc", "hostname"]);
        const diffIds = [digestOf(layer)];
        const config = {
            architecture: "amd64",
            os: "linux",
            config: {},
            rootfs: { type: "layers", diff_ids: diffIds },
        };
        this.manifest = JSON.stringify({
            schemaVersion: 2,
            mediaType: "application/vnd.docker.distribution.manifest.v2+json",
            config: this.add("container.image.v1+json", Buffer.from(JSON.stringify(config))),
            layers: [this.add("image.rootfs.diff.tar", layer)],
        });
        this.server = http.createServer((request, response) => this.answer(request, response));
    }

    static async start(): Promise<PlayedRegistry> {
        const registry = new PlayedRegistry();
        await new Promise<void>((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
        return registry;
    }

    /** Its address, as images' names have it. */
    get address(): string {
        return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    get image(): string {
        return `${this.address}/team/private:1`;
    }

    stop(): void {
        this.server.closeAllConnections();
        this.server.close();
    }

    private add(type: string, blob: Buffer) {
        const digest = digestOf(blob);
        this.blobs.set(digest, blob);
        return { mediaType: `application/vnd.docker.${type}`, size: blob.length, digest };
    }

    private answer({ url, headers }: http.IncomingMessage, response: http.ServerResponse): void {
        const login = Buffer.from(`${this.username}:${this.password}`).toString("base64");
        if (headers.authorization !== `Basic ${login}`) {
            response.writeHead(401, { "WWW-Authenticate": 'Basic realm="played"' }).end();
        } else if (url!.includes("/manifests/")) {
            const digest = digestOf(Buffer.from(this.manifest));
            const type = "application/vnd.docker.distribution.manifest.v2+json";
            const length = this.manifest.length;
            response.writeHead(200, {
                "Content-Type": type,
                "Docker-Content-Digest": digest,
                "Content-Length": length,
            });
            response.end(this.manifest);
        } else if (url!.includes("/blobs/")) {
            const blob = this.blobs.get(url!.split("/").at(-1)!)!;
            // Of the two blobs, the layer is not JSON.
            response.setHeader("Content-Length", blob.length);
            response.end(this.isBroken && blob[0] !== 0x7b ? Buffer.alloc(blob.length) : blob);
        } else {
            response.end("{}");
        }
    }
}

function digestOf(bytes: Buffer): string {
    return `sha256:${crypto.createHash("sha256").update(bytes).digest("hex")}`;
}
