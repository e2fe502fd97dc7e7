import type Docker from "dockerode";
import * as http from "http";
import { AddressInfo } from "net";
import { connect } from "../../components/docker/runtime/connect";

/** A request to a daemon that a test plays, and its answer: a status, or a status with a body. */
type Answer = (request: http.IncomingMessage) => number | { status?: number; body: string };

/** A Docker daemon that a test plays over HTTP, so that the real client library speaks to it. */
export class PlayedDaemon {
    /** The requests that it got. */
    readonly requests: { path: string; headers: http.IncomingHttpHeaders }[] = [];

    private constructor(
        private readonly server: http.Server,
        readonly docker: Docker,
    ) {}

    static async start(answer: Answer): Promise<PlayedDaemon> {
        const server = http.createServer((request, response) => {
            request.resume();
            daemon.requests.push({ path: request.url!, headers: request.headers });
            const given = answer(request);
            const { status = 200, body } =
                typeof given === "number" ? { status: given, body: '{"message":"no"}' } : given;
            response.writeHead(status, { "Content-Type": "application/json" }).end(body);
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        const docker = await connect({ url: `tcp://127.0.0.1:${port}`, sshOptions: [] });
        const daemon = new PlayedDaemon(server, docker);
        return daemon;
    }

    stop(): void {
        this.server.closeAllConnections();
        this.server.close();
    }
}
