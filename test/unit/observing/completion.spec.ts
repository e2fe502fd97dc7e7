import type Docker from "dockerode";
import assert from "node:assert/strict";
import { mock } from "node:test";
import { Completion, awaitWorkers } from "../../../components/observing/completion";
import { isFailure } from "../../../components/observing/engineState";
import { CreatedEngine } from "../../../components/observing/runtime";
import { Watch } from "../../../components/observing/watch";
import { planSession } from "../../../components/model/plan";
import { dockerOf, hostWith } from "../../helpers/containers";
import { eventually } from "../../helpers/playedCluster";
import { containerRuntime } from "../../helpers/runtimes";
import { PartialArgs, sessionArgs } from "../../helpers/session";

function watch(docker: Docker, args: PartialArgs, reportRestart: Watch["reportRestart"] = () => undefined): Watch {
    const plan = planSession("s", sessionArgs(args));
    const host = containerRuntime(docker, plan, { hostTime: Date.now() });
    return { host, plan, signal: new AbortController().signal, reportRestart };
}

function workersOf(...ids: string[]): CreatedEngine[] {
    return ids.map((id) => ({ id }) as CreatedEngine);
}

function statuses({ master, workers }: Completion): string[] {
    return [master, ...workers].map(({ status }) => status);
}

describe("waiting for workers", () => {
    for (const [master, status] of [
        [0, "succeeded"],
        [3, "failed"],
    ] as const) {
        it(`ends when all have ended, and sees a master that ${status} meanwhile`, async () => {
            const { docker, containers } = hostWith("m", "1", "2");
            const waiting = awaitWorkers(watch(docker, { wait: "completed" }), "m", workersOf("1", "2"));
            ["1", "2"].forEach((id) => containers.get(id)!.end(0));
            containers.get("m")!.end(master);
            assert.deepEqual(statuses(await waiting), [status, "succeeded", "succeeded"]);
        });
    }

    it("ends a moment after the first failure, and sees who fails with it and who runs on", async () => {
        const { docker, containers } = hostWith("m", "1", "2", "3");
        const waiting = awaitWorkers(watch(docker, { wait: "completed" }), "m", workersOf("1", "2", "3"));
        containers.get("2")!.end(3);
        setTimeout(() => containers.get("3")!.end(4), 200);
        const completion = await waiting;
        assert.deepEqual(statuses(completion), ["running", "running", "failed", "failed"]);
        assert.deepEqual(
            completion.workers.map(({ exitCode }) => exitCode),
            [undefined, 3, 4],
        );
    });

    it("gives the backend the time that it needs to report a worker that fails at its start", async () => {
        const { docker, containers } = hostWith("m", "1");
        const args: PartialArgs = { wait: "running" };
        // All containers are new to a host whose clock began long ago.
        const host = containerRuntime(docker, planSession("s", sessionArgs(args)), { hostTime: 0 });
        const late = Object.assign(host, { reportLagMs: 1000 });
        const waiting = awaitWorkers({ ...watch(docker, args), host: late }, "m", workersOf("1"));
        setTimeout(() => containers.get("1")!.end(3), 1500);
        assert.deepEqual(statuses(await waiting), ["running", "failed"]);
    });

    it("goes on while a worker fails and Docker starts it again, and reports it", async () => {
        const { docker, containers } = hostWith("m", "1");
        const reported: [string, number | undefined][] = [];
        const report: Watch["reportRestart"] = (id, { exitCode }) => void reported.push([id, exitCode]);
        const waiting = awaitWorkers(watch(docker, { wait: "completed" }, report), "m", workersOf("1"));
        containers.get("1")!.restart(3);
        await eventually(() => containers.get("1")!.waiting() === 1);
        containers.get("1")!.end(0);
        containers.get("m")!.end(0);
        assert.deepEqual(statuses(await waiting), ["succeeded", "succeeded"]);
        assert.deepEqual(reported, [["1", 3]]);
    });

    it("ends when every worker has joined, and names those late that have not", async () => {
        const { docker } = hostWith("m", "1", "2");
        const args = { timeoutSeconds: 0.5 } as const;
        const given = watch(docker, args);
        const untilJoined = ({ id }: CreatedEngine, signal: AbortSignal) =>
            id === "1"
                ? Promise.resolve(true)
                : new Promise<boolean>((resolve) => signal.addEventListener("abort", () => resolve(false)));
        const host = Object.assign(given.host, { untilJoined });
        const joining = workersOf("1", "2").map((each) => ({ ...each, joinCheck: ["check"] }));
        const all = await awaitWorkers({ ...given, host }, "m", joining);
        assert.deepEqual(statuses(all), ["running", "running", "timedout"]);
        const [first, second] = all.workers;
        assert.deepEqual([first!.hasNotJoined, second!.hasNotJoined], [undefined, true]);
        assert.deepEqual(statuses(await awaitWorkers({ ...given, host }, "m", joining.slice(0, 1))), [
            "running",
            "running",
        ]);
    });

    it("goes on after a failure that is only to be reported", async () => {
        const { docker, containers } = hostWith("m", "1", "2");
        const args = { wait: "completed", onWorkerFailure: "report", timeoutSeconds: 1.3 } as const;
        const waiting = awaitWorkers(watch(docker, args), "m", workersOf("1", "2"));
        containers.get("1")!.end(3);
        assert.deepEqual(statuses(await waiting), ["running", "failed", "timedout"]);
    });

    it("ends when the time is over, and says so of those that still run", async () => {
        const { docker, containers } = hostWith("m", "1", "2");
        const waiting = awaitWorkers(
            watch(docker, { wait: "completed", timeoutSeconds: 0.1 }),
            "m",
            workersOf("1", "2"),
        );
        containers.get("1")!.end(0);
        assert.deepEqual(statuses(await waiting), ["running", "succeeded", "timedout"]);
    });

    it("ends at once where workers have run since before", async () => {
        const { docker } = hostWith("m", "1");
        const started = Date.now();
        const completion = await awaitWorkers(watch(docker, { wait: "running" }), "m", workersOf("1"));
        assert.deepEqual(statuses(completion), ["running", "running"]);
        assert.ok(Date.now() - started < 500);
    });

    for (const [code, status] of [
        [0, "succeeded"],
        [3, "failed"],
    ] as const) {
        it(`for a master that is a job ends when it has ${status}, and ends the workers, which count as stopped`, async () => {
            const { docker, containers } = hostWith("m", "1", "2");
            const waiting = awaitWorkers(watch(docker, { wait: "master" }), "m", workersOf("1", "2"));
            await eventually(() => containers.get("m")!.waiting() === 1);
            containers.get("m")!.end(code);
            const completion = await waiting;
            assert.deepEqual(statuses(completion), [status, "stopped", "stopped"]);
            assert.deepEqual(completion.workers.map(isFailure), [false, false]);
            assert.equal(completion.workers[0]!.exitCode, 143);
        });
    }

    it("for a master that is a job tells a worker that failed before from those that ended with it", async () => {
        const { docker, containers } = hostWith("m", "1", "2", "3");
        const waiting = awaitWorkers(
            watch(docker, { wait: "master", workers: { n: 3 } }),
            "m",
            workersOf("1", "2", "3"),
        );
        containers.get("1")!.end(5);
        containers.get("2")!.end(0);
        setTimeout(() => containers.get("m")!.end(0), 50);
        assert.deepEqual(statuses(await waiting), ["succeeded", "failed", "succeeded", "stopped"]);
        const again = await awaitWorkers(
            watch(docker, { wait: "master", workers: { n: 3 } }),
            "m",
            workersOf("1", "2", "3"),
        );
        assert.deepEqual(statuses(again), ["succeeded", "failed", "succeeded", "stopped"]);
    });

    it("for a master that is a job gives the workers of each group as many seconds to stop as they have", async () => {
        const { docker, containers } = hostWith("m", "1", "2", "3");
        const workerGroups = [{ name: "gpu", n: 1, command: ["train"], stopSeconds: 30 }];
        const own = watch(docker, { wait: "master", workers: { stopSeconds: 7 }, workerGroups });
        const seconds: [string, number][] = [];
        const end = (id: string, stopSeconds: number) => {
            seconds.push([id, stopSeconds]);
            return own.host.end(id, stopSeconds);
        };
        const host = new Proxy(own.host, { get: (of, name) => (name === "end" ? end : Reflect.get(of, name)) });
        const waiting = awaitWorkers({ ...own, host }, "m", workersOf("1", "2", "3"));
        await eventually(() => containers.get("m")!.waiting() === 1);
        containers.get("m")!.end(0);
        await waiting;
        assert.deepEqual(seconds, [
            ["1", 7],
            ["2", 7],
            ["3", 30],
        ]);
    });

    it("leaves a job that takes too long as it is, and its workers", async () => {
        const { docker } = hostWith("m", "1");
        const completion = await awaitWorkers(
            watch(docker, { wait: "master", timeoutSeconds: 0.1 }),
            "m",
            workersOf("1"),
        );
        assert.deepEqual(statuses(completion), ["running", "running"]);
    });

    it("says in which order the engines ended", async () => {
        const { docker, containers } = hostWith("m", "1", "2");
        const waiting = awaitWorkers(watch(docker, { wait: "completed" }), "m", workersOf("1", "2"));
        containers.get("2")!.end(3);
        setTimeout(() => containers.get("m")!.end(4), 200);
        assert.deepEqual((await waiting).ended, ["2", "m"]);
    });

    it("fails with the signal's reason once nobody waits any more, and keeps no program from ending", async () => {
        const { docker } = hostWith("m", "1");
        const closing = new AbortController();
        const ending = mock.method(globalThis, "clearTimeout");
        const starting = mock.method(globalThis, "setTimeout");
        const args = { wait: "completed", timeoutSeconds: 1000 } as const;
        const waiting = awaitWorkers({ ...watch(docker, args), signal: closing.signal }, "m", workersOf("1"));
        await new Promise((resolve) => setImmediate(resolve));
        const timer = starting.mock.calls.find((call) => call.arguments[1] === 1_000_000)!.result;
        closing.abort(new Error("over"));
        await assert.rejects(waiting, { message: "over" });
        const ended = ending.mock.calls.map((call) => call.arguments[0]);
        mock.restoreAll();
        assert.ok(ended.includes(timer));
    });

    for (const args of [{ wait: "completed" }, { wait: "running", onWorkerFailure: "report" }] as const) {
        it(`fails once where the daemon fails, and leaves no error to nobody, with ${JSON.stringify(args)}`, async () => {
            const refuse = () => Promise.reject(Object.assign(new Error("no"), { statusCode: 500 }));
            const docker = dockerOf(() => ({ inspect: refuse, wait: refuse }));
            const unhandled: unknown[] = [];
            const note = (error: unknown) => void unhandled.push(error);
            process.on("unhandledRejection", note);
            try {
                await assert.rejects(awaitWorkers(watch(docker, args), "m", workersOf("1")), { message: "no" });
                await new Promise((resolve) => setImmediate(resolve));
                assert.deepEqual(unhandled, []);
            } finally {
                process.off("unhandledRejection", note);
            }
        });
    }
});
