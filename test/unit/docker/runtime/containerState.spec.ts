import type Docker from "dockerode";
import assert from "node:assert/strict";
import { inspectContainer, untilEnded } from "../../../../components/docker/runtime/containerState";
import { EngineState, formatFailure } from "../../../../components/observing/engineState";
import { dockerOf, hostWith } from "../../../helpers/containers";
import { eventually } from "../../../helpers/playedCluster";

/** A host with one container that the daemon describes like this. */
function dockerWith(state: Record<string, unknown>, HostConfig: object = {}, Labels: object = {}): Docker {
    const State = { Running: false, StartedAt: "2024-01-02T03:04:05.678Z", ...state };
    const info = { State, HostConfig, Config: { Labels }, RestartCount: 2 };
    return { getContainer: () => ({ inspect: () => Promise.resolve(info) }) } as unknown as Docker;
}

function refusing(statusCode: number): Docker {
    const refuse = () => Promise.reject(Object.assign(new Error("no"), { statusCode }));
    return dockerOf(() => ({ inspect: refuse, wait: refuse }));
}

describe("the inspection of a container", () => {
    const killed = { OOMKilled: true, ExitCode: 137 };
    const table: [string, Record<string, unknown>, Partial<EngineState>][] = [
        ["runs", { Status: "running", Running: true }, { status: "running", exitCode: undefined }],
        ["is paused", { Status: "paused", Running: true, Paused: true }, { status: "running", exitCode: undefined }],
        ["waits for its restart", { Status: "restarting", Running: true, Restarting: true }, { status: "running" }],
        ["ended", { Status: "exited", ExitCode: 0 }, { status: "succeeded", exitCode: 0 }],
        ["failed", { Status: "exited", ExitCode: 3 }, { status: "failed", exitCode: 3 }],
        ["was never started", { Status: "created", ExitCode: 0 }, { status: "stopped", exitCode: undefined }],
        ["was killed for memory", { Status: "exited", ...killed }, { status: "failed", outOfMemory: true }],
        ["runs on after a kill", { Status: "running", Running: true, ...killed }, { outOfMemory: false }],
        ["ended well after a kill", { Status: "exited", ...killed, ExitCode: 0 }, { outOfMemory: false }],
    ];
    for (const [how, state, expected] of table) {
        it(`sees one that ${how}`, async () => {
            const seen = await inspectContainer(dockerWith(state), "c");
            const reported = Object.fromEntries(
                Object.keys(expected).map((key) => [key, seen[key as keyof EngineState]]),
            );
            assert.deepEqual(reported, expected);
        });
    }

    it("sees a failure in the end of one that is to run whatever its exit code", async () => {
        const host = dockerWith({ Status: "exited", ExitCode: 0 }, {}, { "distributed-session.restarts-always": "" });
        assert.equal((await inspectContainer(host, "c")).status, "failed");
    });

    it("sees why one that was created could not start", async () => {
        const state = { Status: "created", ExitCode: 127, Error: "exec: no such file" };
        const seen = await inspectContainer(dockerWith(state), "c");
        assert.deepEqual([seen.status, seen.exitCode], ["stopped", undefined]);
        assert.equal(formatFailure(seen), "could not be started: exec: no such file");
    });

    it("forgets an error of an earlier start of one that runs", async () => {
        const seen = await inspectContainer(
            dockerWith({ Status: "running", Running: true, Error: "exec: no such file" }),
            "c",
        );
        assert.equal(seen.startError, undefined);
    });

    it("finds no error where the daemon reports an empty one", async () => {
        assert.equal((await inspectContainer(dockerWith({ Status: "created", Error: "" }), "c")).startError, undefined);
    });

    it("sees limits, restarts and the time of the start", async () => {
        const policy = { Name: "on-failure", MaximumRetryCount: 3 };
        const limits = { Memory: 512 * 2 ** 20, PidsLimit: 99, RestartPolicy: policy };
        const seen = await inspectContainer(dockerWith({ Status: "running", Running: true }, limits), "c");
        const { memoryMib, pidsLimit, restartPolicy, restarts, startedAt } = seen;
        assert.deepEqual(
            { memoryMib, pidsLimit, restartPolicy, restarts },
            {
                memoryMib: 512,
                pidsLimit: 99,
                restartPolicy: policy,
                restarts: 2,
            },
        );
        assert.equal(startedAt, Date.UTC(2024, 0, 2, 3, 4, 5, 678));
    });

    it("sees no limits where there are none", async () => {
        const host = dockerWith({ Status: "running", Running: true }, { Memory: 0, PidsLimit: null });
        const seen = await inspectContainer(host, "c");
        assert.deepEqual([seen.memoryMib, seen.pidsLimit], [undefined, 0]);
    });

    it("sees that one is gone", async () => {
        const seen = await inspectContainer(refusing(404), "c");
        assert.deepEqual([seen.status, seen.isGone, seen.startedAt], ["stopped", true, 0]);
    });

    it("fails where the daemon does", async () => {
        await assert.rejects(inspectContainer(refusing(500), "c"), { message: "no" });
    });
});

/** A container of limited life, which holds these marks. */
function limitedContainer(marks: string[], state: Record<string, unknown>, restarts = 0) {
    const stat = { "x-docker-container-path-stat": Buffer.from(JSON.stringify({ size: 5 })).toString("base64") };
    const empty = { "x-docker-container-path-stat": Buffer.from(JSON.stringify({ size: 0 })).toString("base64") };
    return {
        inspect: () =>
            Promise.resolve({
                State: { Running: false, ...state },
                HostConfig: {},
                RestartCount: restarts,
                Config: { Labels: { "distributed-session.max-seconds": "60" } },
            }),
        infoArchive: ({ path }: { path: string }) => Promise.resolve({ headers: marks.includes(path) ? stat : empty }),
    };
}

describe("a container whose life is limited", () => {
    const over = "/.distributed-session/over";
    const see = (marks: string[], state: Record<string, unknown>) =>
        inspectContainer(
            dockerOf(() => limitedContainer(marks, state)),
            "c",
        );

    for (const exitCode of [0, 143]) {
        it(`has failed where its time was over, also with exit code ${exitCode}`, async () => {
            const seen = await see([over], { Status: "exited", ExitCode: exitCode });
            assert.deepEqual([seen.status, seen.exitCode, seen.outlived], ["failed", exitCode, 60]);
        });
    }

    it("has succeeded where it ended by itself", async () => {
        const seen = await see([], { Status: "exited", ExitCode: 0 });
        assert.deepEqual([seen.status, seen.outlived], ["succeeded", undefined]);
    });

    it("has ended by itself where it lacks the marks", async () => {
        const gone = () => Promise.reject(Object.assign(new Error("no"), { statusCode: 404 }));
        const container = { ...limitedContainer([], { Status: "exited", ExitCode: 3 }), infoArchive: gone };
        const seen = await inspectContainer(
            dockerOf(() => container),
            "c",
        );
        assert.equal(formatFailure(seen), "ended with exit code 3");
    });

    it("runs in the seconds that its program has to end", async () => {
        assert.equal((await see([over], { Status: "running", Running: true })).status, "running");
    });

    for (const mark of [over, `${over}-before`]) {
        it(`was started again because its time was over, by the mark ${mark}`, async () => {
            const reported: string[] = [];
            const ended = limitedContainer([], { Status: "exited", ExitCode: 0 }, 1);
            let current = limitedContainer([mark], { Status: "running", Running: true }, 1);
            const container = {
                inspect: () => current.inspect(),
                infoArchive: (options: { path: string }) => current.infoArchive(options),
                wait: () => Promise.resolve({ StatusCode: 143 }),
            };
            const { signal } = new AbortController();
            await untilEnded(
                dockerOf(() => container),
                "c",
                signal,
                (state) => {
                    reported.push(formatFailure(state));
                    current = ended;
                },
            );
            assert.deepEqual(reported, ["was ended after 60 s, as maxSeconds says"]);
        });
    }
});

describe("waiting for the end of a container", () => {
    const { signal } = new AbortController();

    it("reports each restart once, with its exit code, and ends at the final end", async () => {
        const { docker, containers } = hostWith("c");
        const container = containers.get("c")!;
        const reported: [number | undefined, number | undefined, string][] = [];
        const note = ({ exitCode, restarts, status }: EngineState) => void reported.push([restarts, exitCode, status]);
        const waiting = untilEnded(docker, "c", signal, note);
        container.restart(3);
        await eventually(() => container.waiting() === 1);
        container.restart(4);
        await eventually(() => container.waiting() === 1);
        container.end(5);
        const { status, exitCode } = await waiting;
        assert.deepEqual([status, exitCode], ["failed", 5]);
        assert.deepEqual(reported, [
            [1, 3, "failed"],
            [2, 4, "failed"],
        ]);
    });

    it("waits on where a wait ends and the container runs, and reports nothing", async () => {
        const inspected = ["running", "exited"];
        const container = {
            wait: () => Promise.resolve({ StatusCode: 0 }),
            inspect: () => {
                const Status = inspected.shift();
                const State = { Status, Running: Status === "running", ExitCode: 0 };
                return Promise.resolve({ State, HostConfig: {}, RestartCount: 0 });
            },
        };
        const docker = dockerOf(() => container);
        const seen = await untilEnded(docker, "c", signal, () => assert.fail("nothing was started again"));
        assert.deepEqual([seen.status, inspected], ["succeeded", []]);
    });

    it("reports a restart once, however often a wait ends after it", async () => {
        const reported: (number | undefined)[] = [];
        const ends = [3, 0, 0];
        const container = {
            wait: () => Promise.resolve({ StatusCode: ends.shift() }),
            inspect: () => {
                const isRunning = ends.length > 0;
                const State = { Status: isRunning ? "running" : "exited", Running: isRunning, ExitCode: 0 };
                return Promise.resolve({ State, HostConfig: {}, RestartCount: 1 });
            },
        };
        const docker = dockerOf(() => container);
        await untilEnded(docker, "c", signal, ({ exitCode }) => void reported.push(exitCode));
        assert.deepEqual(reported, [3]);
    });

    it("needs nobody who hears of restarts", async () => {
        const { docker, containers } = hostWith("c");
        const waiting = untilEnded(docker, "c", signal);
        containers.get("c")!.restart(3);
        await eventually(() => containers.get("c")!.waiting() === 1);
        containers.get("c")!.end(0);
        assert.equal((await waiting).status, "succeeded");
    });

    it("ends with a container that is gone", async () => {
        assert.equal((await untilEnded(refusing(404), "c", signal)).isGone, true);
    });

    it("fails where the daemon does", async () => {
        await assert.rejects(untilEnded(refusing(500), "c", signal), { message: "no" });
    });

    it("asks again where the daemon is away for a moment", async () => {
        let asked = 0;
        const { docker, containers } = hostWith("c");
        containers.get("c")!.end(0);
        const wait = () => {
            asked += 1;
            return asked === 1 ? Promise.reject(new Error("ECONNRESET")) : Promise.resolve({ StatusCode: 0 });
        };
        const away = dockerOf(() => ({ ...docker.getContainer("c"), wait }));
        assert.equal((await untilEnded(away, "c", signal)).status, "succeeded");
        assert.equal(asked, 2);
    });

    describe("when nobody waits any more", () => {
        /** A container that runs on; a wait for it fails as soon as nobody wants it. */
        function running(restarts: number, wait: (abortSignal: AbortSignal) => Promise<unknown>): Docker {
            const State = { Status: "running", Running: true };
            const container = {
                wait: ({ abortSignal }: { abortSignal: AbortSignal }) => wait(abortSignal),
                inspect: () => Promise.resolve({ State, HostConfig: {}, RestartCount: restarts }),
            };
            return dockerOf(() => container);
        }

        function aborted(abortSignal: AbortSignal): Promise<never> {
            return new Promise((_, reject) => {
                const fail = () => reject(new Error("aborted"));
                abortSignal.addEventListener("abort", fail);
                if (abortSignal.aborted) {
                    fail();
                }
            });
        }

        it("ends at once, and does not ask again", async () => {
            const closing = new AbortController();
            let asked = 0;
            const docker = running(0, (abortSignal) => aborted((asked++, abortSignal)));
            const waiting = untilEnded(docker, "c", closing.signal);
            setTimeout(() => closing.abort(), 10);
            await assert.rejects(waiting, { message: "aborted" });
            assert.equal(asked, 1);
        });

        it("ends at once also in the pause after a restart", async () => {
            const closing = new AbortController();
            const ends = [Promise.resolve({ StatusCode: 3 })];
            const docker = running(1, (abortSignal) => ends.shift() ?? aborted(abortSignal));
            const start = Date.now();
            const waiting = untilEnded(docker, "c", closing.signal, () => setTimeout(() => closing.abort(), 10));
            await assert.rejects(waiting, { message: "aborted" });
            assert.ok(Date.now() - start < 400);
        });
    });
});
