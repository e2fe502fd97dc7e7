import type Docker from "dockerode";
import assert from "node:assert/strict";
import * as http from "http";
import { AddressInfo } from "net";
import { endContainer } from "../../../../components/docker/runtime/containerUpdates";
import { untilEnded } from "../../../../components/docker/runtime/containerState";
import { connect } from "../../../../components/docker/runtime/connect";
import { portsListening } from "../../../../components/docker/runtime/inside/listening";
import { withRetry } from "../../../../components/docker/runtime/retry";
import { NoAnswer } from "../../../../components/observing/time";

const patience = { answerMs: 150, changeMs: 200, readMs: 150, pingEveryMs: 30 };
/** A busy machine is no silence. */
const unhurried = { ...patience, answerMs: 5000 };
const never = new AbortController().signal;

describe("a daemon that takes connections and does not answer", () => {
    const servers: http.Server[] = [];
    afterEach(() => {
        for (const server of servers.splice(0)) {
            server.closeAllConnections();
            server.close();
        }
    });

    /** A daemon that answers as long as the function does. */
    async function daemonThat(
        answer: (path: string, response: http.ServerResponse) => void,
        own = patience,
    ): Promise<Docker> {
        const server = http.createServer((request, response) => {
            request.resume();
            answer(request.url!, response);
        });
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return connect({ url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, sshOptions: [] }, own);
    }

    const isSilence = (error: Error) => {
        assert.ok(error instanceof NoAnswer, String(error));
        assert.match(error.message, /^The Docker daemon has not answered for 0.15 s \(GET \/(info|_ping)\)\.$/);
        return true;
    };

    it("is named as that, and not asked again", async () => {
        let asked = 0;
        const docker = await daemonThat(() => void asked++);
        await assert.rejects(
            withRetry(() => docker.info()),
            isSilence,
        );
        assert.equal(asked, 1);
    });

    it("is named as that where it stops in the middle of an answer", async () => {
        const docker = await daemonThat((_, response) => void response.writeHead(200).write("{"));
        await assert.rejects(docker.info(), isSilence);
    });

    it("ends the waiting for a container, though its connection stays open", async () => {
        const docker = await daemonThat((path, response) => {
            if (path.endsWith("/wait")) {
                response.writeHead(200).flushHeaders();
            }
        });
        await assert.rejects(untilEnded(docker, "c", never), isSilence);
    });

    it("is another one than a daemon that answers, and has nothing to say of a container for a long time", async () => {
        const info = { State: { Status: "exited", ExitCode: 0, StartedAt: "" }, HostConfig: {}, RestartCount: 0 };
        const docker = await daemonThat((path, response) => {
            if (path.endsWith("/wait")) {
                response.writeHead(200).flushHeaders();
                setTimeout(() => response.end('{"StatusCode":0}'), 600);
            } else {
                response.end(path === "/_ping" ? "OK" : JSON.stringify(info));
            }
        }, unhurried);
        assert.equal((await untilEnded(docker, "c", never)).status, "succeeded");
    });

    for (const [what, answers, outcome] of [
        ["goes on while the daemon answers others", true, undefined],
        ["ends where the daemon is silent", false, /^The Docker daemon has not answered for 0.2 s \(DELETE /],
    ] as const) {
        it(`is waited for with a change, which ${what}`, async () => {
            const docker = await daemonThat((path, response) => {
                if (path === "/_ping" && answers) {
                    response.end("OK");
                } else if (answers && path.startsWith("/containers/c")) {
                    setTimeout(() => response.writeHead(204).end(), 700);
                } else if (answers) {
                    response.end("[]");
                }
            });
            const removal = docker.getContainer("c").remove();
            await (outcome === undefined ? removal : assert.rejects(removal, { message: outcome }));
        });
    }

    it("is another one than a daemon whose container takes its seconds to stop", async () => {
        const info = { State: { Status: "running", Running: true, StartedAt: "" }, HostConfig: {}, RestartCount: 0 };
        const asked: string[] = [];
        const docker = await daemonThat((path, response) => {
            asked.push(path);
            if (path.endsWith("/json")) {
                response.end(JSON.stringify(info));
            } else {
                setTimeout(() => response.writeHead(204).end(), 600);
            }
        });
        await endContainer(docker, "c", 1);
        assert.deepEqual(asked, ["/containers/c/json", "/containers/c/stop?t=1"]);
    });

    it("is another one than a daemon whose container is paused in the middle of the reading of its ports", async () => {
        const docker = await daemonThat((path, response) => {
            if (path === "/_ping") {
                response.end("OK");
            } else if (path.endsWith("/exec")) {
                response.writeHead(201).end('{"Id":"e"}');
            } else {
                response.writeHead(200).flushHeaders();
            }
        });
        assert.equal(await portsListening(docker, "c", 300), undefined);
    });
});
