import * as net from "net";

/** A way to a server that can be shut: connections break, and new ones are refused, until it is opened again. */
export class Gate {
    private server: net.Server | undefined;
    private readonly open = new Set<net.Socket>();
    private port = 0;

    private constructor(private readonly target: net.NetConnectOpts) {}

    static async to(target: net.NetConnectOpts): Promise<Gate> {
        const gate = new Gate(target);
        await gate.restore();
        return gate;
    }

    /** Where the gate is: `127.0.0.1:port`. */
    get address(): string {
        return `127.0.0.1:${this.port}`;
    }

    /** Breaks all connections and takes no more. */
    cut(): void {
        this.server?.close();
        this.server = undefined;
        this.open.forEach((socket) => socket.destroy());
    }

    /** Takes connections, at the same address as before. */
    async restore(): Promise<void> {
        if (this.server !== undefined) {
            return;
        }
        const server = net.createServer({ allowHalfOpen: true }, (client) => {
            const upstream = net.connect({ ...this.target, allowHalfOpen: true });
            client.pipe(upstream).pipe(client);
            for (const [socket, other] of [
                [client, upstream],
                [upstream, client],
            ] as const) {
                this.open.add(socket);
                socket.on("error", () => other.destroy());
                socket.on("close", () => {
                    other.destroy();
                    this.open.delete(socket);
                });
            }
        });
        this.server = server;
        await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
        this.port = (server.address() as net.AddressInfo).port;
    }
}
