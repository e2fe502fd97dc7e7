import assert from "node:assert/strict";
import { connect } from "../../../../components/docker/runtime/connect";
import * as http from "http";
import { AddressInfo } from "net";
import { DockerHost } from "../../../../components/docker/runtime/host";

async function modemOf(host: Partial<DockerHost> & { url: string }): Promise<Record<string, any>> {
    return (await connect({ sshOptions: [], ...host })).modem;
}

describe("the client of a Docker host", () => {
    const before = process.env.DOCKER_HOST;
    // The library would take it, whatever it is given.
    beforeEach(() => (process.env.DOCKER_HOST = "tcp://wrong:1"));
    afterEach(() => {
        delete process.env.DOCKER_HOST;
        Object.assign(process.env, before === undefined ? {} : { DOCKER_HOST: before });
    });

    for (const [url, socketPath] of [
        ["unix:///var/run/docker.sock", "/var/run/docker.sock"],
        ["npipe:////./pipe/docker_engine", "//./pipe/docker_engine"],
    ] as const) {
        it(`opens the socket of ${url}`, async () => {
            const modem = await modemOf({ url });
            assert.equal(modem.socketPath, socketPath);
            assert.equal(modem.host, undefined);
        });
    }

    for (const [url, protocol, port] of [
        ["tcp://far", "http", "2375"],
        ["tcp://far:99", "http", "99"],
        ["http://far:99", "http", "99"],
        ["https://far", "https", "2376"],
    ] as const) {
        it(`speaks ${protocol} to port ${port} of ${url}`, async () => {
            const modem = await modemOf({ url });
            assert.deepEqual([modem.host, modem.protocol, String(modem.port)], ["far", protocol, port]);
            assert.equal(modem.socketPath, undefined);
        });
    }

    it("reaches a host at an IPv6 address", async function () {
        const daemon = http.createServer((request, response) => response.end(JSON.stringify({ ID: request.url })));
        const isListening = await new Promise((resolve) => {
            daemon.once("error", () => resolve(false));
            daemon.listen(0, "::1", () => resolve(true));
        });
        if (!isListening) {
            // This machine has no IPv6.
            this.skip();
        }
        const { port } = daemon.address() as AddressInfo;
        try {
            const docker = await connect({ url: `tcp://[::1]:${port}`, sshOptions: [] });
            assert.equal((await docker.info()).ID, "/info");
        } finally {
            daemon.close();
        }
    });

    it("speaks TLS to a host with certificates", async () => {
        const tls = { ca: "CA", cert: "CERT", key: "KEY" };
        const { protocol, port, ca, cert, key } = await modemOf({ url: "tcp://far", tls });
        assert.deepEqual([protocol, String(port), ca, cert, key], ["https", "2376", "CA", "CERT", "KEY"]);
    });

    it("goes through a program of its own to a host behind SSH", async () => {
        const modem = await modemOf({ url: "ssh://me@far:2222" });
        assert.equal(modem.host, "far");
        assert.equal(modem.socketPath, undefined);
        assert.equal(typeof modem.agent.createConnection, "function");
    });

    it("is refused for any other kind of address", async () => {
        await assert.rejects(modemOf({ url: "ftp://far" }), {
            message: "ftp://far is not the address of a Docker daemon: use unix://, tcp:// or ssh://.",
        });
    });

    it("shows no password of an address", async () => {
        await assert.rejects(modemOf({ url: "ftp://me:hidden@far" }), {
            message: "ftp://me:...@far is not the address of a Docker daemon: use unix://, tcp:// or ssh://.",
        });
    });
});
