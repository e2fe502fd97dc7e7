import assert from "node:assert/strict";
import { closePodHosts, openPodHost } from "../../../helpers/podHosts";
import { PlayedPod, pod, terminated } from "../../../helpers/pods";
import { refusal } from "../../../helpers/playedCluster";
import { PartialArgs } from "../../../helpers/session";

const running = { running: {} };
const never = new AbortController().signal;
const nothing = () => undefined;

describe("a Pod as an engine", () => {
    afterEach(closePodHosts);

    describe("that is inspected", () => {
        it("has its current state, and is not new where it existed before", async () => {
            const { host, watch } = await openPodHost([{ state: running }]);
            assert.deepEqual(await host.inspect("p"), { status: "running", id: "p", ip: "10.244.0.7", isNew: false });
            watch.emit("ADDED", pod({ name: "q", state: running }));
            assert.equal((await host.inspect("q")).isNew, true);
        });

        it("has failed only where it restarted since the program began", async () => {
            const once = { state: running, lastState: terminated(3), restartCount: 1, beside: "a-sidecar" };
            const { host, watch } = await openPodHost([once]);
            assert.equal((await host.inspect("p")).status, "running");
            watch.emit("MODIFIED", pod({ ...once, restartCount: 2 }));
            const { status, exitCode, memoryMib } = await host.inspect("p");
            assert.deepEqual([status, exitCode, memoryMib], ["failed", 3, 256]);
        });

        it("is read where its event has not arrived yet", async () => {
            const { host, played } = await openPodHost([]);
            played.pods = [pod({ state: running })];
            const { status, isNew } = await host.inspect("p");
            assert.deepEqual([status, isNew], ["running", true]);
            assert.deepEqual(played.calls.at(-1), { name: "read", query: { namespace: "here", name: "p" } });
        });

        it("may wait for a node while a terminating Pod of the session holds its room", async () => {
            const waits = { phase: "Pending", unschedulable: "no room", since: new Date(Date.now() - 30_000) };
            const { host, watch } = await openPodHost([waits]);
            assert.equal((await host.inspect("p")).status, "stopped");
            watch.emit("MODIFIED", pod({ name: "q", state: running, isGoing: true }));
            assert.equal((await host.inspect("p")).status, "declared");
        });

        it("is gone where the cluster has none of that name", async () => {
            const { host } = await openPodHost([]);
            assert.deepEqual(await host.inspect("p"), { status: "stopped", isGone: true });
        });

        it("is an error without the right to read it", async () => {
            const { host, played } = await openPodHost([]);
            played.refusals.read = refusal(403, "forbidden");
            await assert.rejects(host.inspect("p"), { message: "forbidden" });
        });

        it("is an error once the watch of the Pods has failed", async () => {
            const { host, watch } = await openPodHost([{ state: running }]);
            watch.end(refusal(403, "forbidden"));
            await new Promise((resolve) => setTimeout(resolve, 20));
            await assert.rejects(host.inspect("p"), { message: "forbidden" });
        });

        it("waits for a node as long as the plan says", async () => {
            const waits = { phase: "Pending", unschedulable: "no room", since: new Date(Date.now() - 30_000) };
            const patient = { backend: "kubernetes", kubernetes: { scheduleTimeoutSeconds: 60 } } as const;
            assert.equal((await (await openPodHost([waits])).host.inspect("p")).status, "stopped");
            assert.equal((await (await openPodHost([waits], patient)).host.inspect("p")).status, "declared");
        });
    });

    describe("on a cluster whose clock differs from this machine's", () => {
        const hour = 3_600_000;
        for (const [where, aheadMs] of [
            ["behind", -hour],
            ["ahead", hour],
        ] as const) {
            it(`waits for a node for the cluster's seconds, with the cluster ${where} by an hour`, async () => {
                const since = (seconds: number) => new Date(Date.now() + aheadMs - seconds * 1000);
                const args = { backend: "kubernetes", kubernetes: { scheduleTimeoutSeconds: 60 } } as const;
                for (const [seconds, status] of [
                    [30, "declared"],
                    [90, "stopped"],
                ] as const) {
                    const waits = { phase: "Pending", unschedulable: "no room", since: since(seconds) };
                    const { host, played } = await openPodHost([waits], args);
                    played.aheadMs = aheadMs;
                    assert.equal((await host.inspect("p")).status, status);
                }
            });
        }
    });

    describe("that a Job creates", () => {
        const counted: PartialArgs = { workers: { restart: { attempts: 1 } } };
        const attempt = (name: string, more: PlayedPod = { state: running }): PlayedPod => {
            const createdAt = `2024-01-01T00:00:0${name === "a" ? 1 : 2}Z`;
            return { name, job: "j", labels: { "distributed-session.rank": "1" }, createdAt, ...more };
        };
        const failed = { phase: "Failed", state: terminated(3) };

        it("may restart as often as its group may", async () => {
            const args: PartialArgs = {
                workers: { restart: { attempts: 0 } },
                workerGroups: [{ name: "gpu", n: 1, command: ["train"], restart: { attempts: 1 } }],
            };
            const ofGroup = { "distributed-session.rank": "1", "distributed-session.group": "gpu" };
            const { host } = await openPodHost(
                [
                    { ...attempt("a", failed), job: "s-gpu-1", labels: ofGroup },
                    { ...attempt("b", failed), job: "s-worker-1" },
                ],
                { ...args, wait: "completed" },
            );
            assert.equal((await host.inspect("s-gpu-1#1")).status, "running");
            assert.equal((await host.inspect("s-worker-1#1")).status, "failed");
        });

        it("is declared before it is created, and stopped where it may not be", async () => {
            const { host, jobs, played } = await openPodHost([]);
            assert.deepEqual(await host.inspect("j#1"), { status: "declared" });
            jobs.noteRefusals([{ involvedObject: { name: "j" }, message: "violates a policy", metadata: {} }]);
            assert.deepEqual(await host.inspect("j#1"), {
                status: "stopped",
                startError: "violates a policy",
                startsOnce: "the cluster allows it",
            });
            assert.equal(played.count("read"), 0);
        });

        for (const [type, seen] of [
            ["Failed", { status: "stopped", isGone: true }],
            ["Complete", { status: "succeeded", exitCode: 0 }],
        ] as const) {
            it(`is what the Job says where its Pod is gone: ${type}`, async () => {
                const { host, jobs } = await openPodHost([]);
                const status = { conditions: [{ type, status: "True" }] };
                jobs.note([{ metadata: { name: "j" }, status }]);
                assert.deepEqual(await host.inspect("j#1"), seen);
            });
        }

        it("runs on while it restarts, and has no exit code", async () => {
            const { host } = await openPodHost([attempt("a", failed)], counted);
            assert.deepEqual(await host.inspect("j#1"), {
                id: "a",
                ip: "10.244.0.7",
                isNew: false,
                restarts: 0,
                status: "running",
            });
        });

        it("has failed when no attempt is left", async () => {
            const { host } = await openPodHost([attempt("a", failed), attempt("b", failed)], counted);
            const { id, status, exitCode, restarts } = await host.inspect("j#1");
            assert.deepEqual([id, status, exitCode, restarts], ["b", "failed", 3, 1]);
        });

        it("has failed when its Job gives up, with attempts left", async () => {
            const { host, jobs } = await openPodHost([attempt("a", failed)], counted);
            jobs.note([{ metadata: { name: "j" }, status: { conditions: [{ type: "Failed", status: "True" }] } }]);
            assert.equal((await host.inspect("j#1")).status, "failed");
        });

        it("is reported once for each attempt that another follows, and ends with the last", async () => {
            const { host, watch } = await openPodHost([attempt("a")], counted);
            const reported: unknown[] = [];
            const ended = host.untilEnded("j#1", never, ({ id, exitCode, restarts }) => {
                reported.push([id, exitCode, restarts]);
            });
            watch.emit("MODIFIED", pod(attempt("a", failed)));
            watch.emit("ADDED", pod(attempt("b")));
            watch.emit("MODIFIED", pod(attempt("b", { ...failed, state: terminated(4) })));
            assert.equal((await ended).exitCode, 4);
            assert.deepEqual(reported, [["a", 3, 1]]);
        });

        it("is not reported for an attempt that had failed before", async () => {
            const { host, watch } = await openPodHost([attempt("a", failed), attempt("b")], counted);
            let reported = 0;
            const ended = host.untilEnded("j#1", never, () => reported++);
            watch.emit("MODIFIED", pod(attempt("b", { phase: "Succeeded", state: terminated(0) })));
            await ended;
            assert.equal(reported, 0);
        });
    });

    describe("among others", () => {
        const worker = { labels: { "distributed-session.role": "worker" } };
        for (const [what, given, has] of [
            ["has workers where one is there, in whatever state", { ...worker, phase: "Failed" }, true],
            ["has none where it is being deleted", { ...worker, isGoing: true }, false],
            ["has none where there is a master alone", { labels: { "distributed-session.role": "master" } }, false],
        ] as const) {
            it(what, async () => assert.equal(await (await openPodHost([given])).host.hasWorkers(), has));
        }
    });

    describe("that is waited for", () => {
        it("has started when it runs, and not before", async () => {
            const { host, watch } = await openPodHost([{ phase: "Pending" }]);
            let seen: string | undefined;
            const started = host.untilStarted("p", never).then(({ status }) => (seen = status));
            await new Promise((resolve) => setTimeout(resolve, 20));
            assert.equal(seen, undefined);
            watch.emit("MODIFIED", pod({ state: running }));
            await started;
            assert.equal(seen, "running");
        });

        it("has ended when it has ended, and not when it runs", async () => {
            const { host, watch } = await openPodHost([{ phase: "Pending" }]);
            let seen: string | undefined;
            const ended = host.untilEnded("p", never, nothing).then(({ status }) => (seen = status));
            watch.emit("MODIFIED", pod({ state: running }));
            await new Promise((resolve) => setTimeout(resolve, 20));
            assert.equal(seen, undefined);
            watch.emit("MODIFIED", pod({ phase: "Succeeded", state: terminated(0) }));
            await ended;
            assert.equal(seen, "succeeded");
        });

        it("resolves at once in the wanted state", async () => {
            const { host } = await openPodHost([{ phase: "Succeeded", state: terminated(0) }]);
            assert.equal((await host.untilEnded("p", never, nothing)).status, "succeeded");
        });

        it("is inspected again without a change, because its time to wait may be over", async () => {
            const { host } = await openPodHost(
                [{ phase: "Pending", unschedulable: "no room", since: new Date(Date.now() - 59_500) }],
                { backend: "kubernetes", kubernetes: { scheduleTimeoutSeconds: 60 } },
            );
            assert.equal((await host.untilStarted("p", never)).status, "stopped");
        });

        it("has its current state when the wait is aborted", async () => {
            const { host } = await openPodHost([{ state: running }]);
            const giveUp = new AbortController();
            const ended = host.untilEnded("p", giveUp.signal, nothing);
            giveUp.abort();
            assert.equal((await ended).status, "running");
        });

        it("is an error where the watching fails meanwhile", async () => {
            const { host, watch } = await openPodHost([{ state: running }]);
            const ended = host.untilEnded("p", never, nothing);
            watch.end(refusal(403, "forbidden"));
            await assert.rejects(ended, { message: "forbidden" });
        });

        it("is not inspected again after the wanted state", async () => {
            const { host, watch } = await openPodHost([{ state: running }]);
            let checks = 0;
            await host.until("p", never, () => ++checks > 0);
            watch.emit("MODIFIED", pod({ state: running }));
            await new Promise((resolve) => setTimeout(resolve, 1100));
            assert.equal(checks, 1);
        });
    });

    describe("that is ended", () => {
        const ends = async (pods: PlayedPod[]) => {
            const { host, played } = await openPodHost(pods);
            await host.end("p");
            return played.calls.filter(({ name }) => name === "patchPod").map(({ query }) => query);
        };

        it("gets a deadline that is over, so that its node ends it and it stays", async () => {
            const [patch] = await ends([{ state: running }]);
            assert.deepEqual([patch!.name, patch!.fieldManager], ["p", "distributed-session"]);
            assert.deepEqual(patch!.body, [{ op: "add", path: "/spec/activeDeadlineSeconds", value: 1 }]);
        });

        it("stays as it is where it is terminating or gone", async () => {
            assert.deepEqual(await ends([{ state: running, isGoing: true }]), []);
            assert.deepEqual(await ends([]), []);
        });
    });
});
