import type { V1Job } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { closePodHosts, openPodHost } from "../../../helpers/podHosts";
import { PlayedPod, pod, terminated } from "../../../helpers/pods";

const running = { running: {} };
const never = new AbortController().signal;

describe("a Pod that the cluster takes away", () => {
    afterEach(closePodHosts);
    const attempt = (name: string, more: PlayedPod = { state: running }): PlayedPod => {
        const createdAt = `2024-01-01T00:00:0${name === "a" ? 1 : 2}Z`;
        return { name, job: "j", labels: { "distributed-session.rank": "1" }, createdAt, ...more };
    };
    const rules = [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }];
    const forgiving = { metadata: { name: "j" }, spec: { podFailurePolicy: { rules } } } as V1Job;
    const leaves: PlayedPod = { disruption: "EvictionByEvictionAPI", isGoing: true, node: "n1" };
    const evicted: PlayedPod = { ...leaves, phase: "Failed", state: terminated(143) };

    it("goes on in another Pod, with one report and no restart, under a Job that forgives it", async () => {
        const { host, watch, jobs } = await openPodHost([attempt("a")], { wait: "completed" });
        jobs.note([forgiving]);
        const reported: unknown[] = [];
        const ended = host.untilEnded("j#1", never, ({ takenAway, restarts }) => {
            reported.push([takenAway, restarts]);
        });
        watch.emit("MODIFIED", pod(attempt("a", { ...leaves, state: running })));
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(reported.length, 1);
        watch.emit("MODIFIED", pod(attempt("a", evicted)));
        assert.equal((await host.inspect("j#1")).status, "declared");
        watch.emit("DELETED", pod(attempt("a", evicted)));
        assert.deepEqual(await host.inspect("j#1"), { status: "declared" });
        watch.emit("ADDED", pod(attempt("b")));
        watch.emit("MODIFIED", pod(attempt("b", { phase: "Succeeded", state: terminated(0) })));
        const { id, status, restarts } = await ended;
        assert.deepEqual([id, status, restarts], ["b", "succeeded", 0]);
        const words = "was evicted from its node n1, as kubectl drain does (EvictionByEvictionAPI: in its words)";
        assert.deepEqual(reported, [[words, undefined]]);
    });

    it("has ended, with the reason, under a Job that does not", async () => {
        const { host } = await openPodHost([attempt("a", evicted)], { wait: "completed" });
        const { status, takenAway, isGone } = await host.inspect("j#1");
        assert.deepEqual([status, isGone], ["failed", true]);
        assert.match(takenAway!, /^was evicted from its node n1/);
    });

    it("goes on where its containers restart without limit, under any Job", async () => {
        const { host } = await openPodHost([attempt("a", { ...evicted, isGoing: false })], { wait: "running" });
        assert.equal((await host.inspect("j#1")).status, "declared");
    });

    it("is not reported where that was before", async () => {
        const going = attempt("a", { ...leaves, state: running });
        const { host, watch, jobs } = await openPodHost([going], { wait: "completed" });
        jobs.note([forgiving]);
        let reported = 0;
        const ended = host.untilEnded("j#1", never, () => reported++);
        watch.emit("ADDED", pod(attempt("b", { phase: "Succeeded", state: terminated(0) })));
        await ended;
        assert.equal(reported, 0);
    });

    it("is gone with the reason for which the cluster took it away, where that was seen", async () => {
        const { host, watch, played } = await openPodHost([{ state: running, node: "n1" }]);
        played.pods = [];
        watch.emit("DELETED", pod({ node: "n1", isGoing: true, disruption: "DeletionByPodGC" }));
        assert.deepEqual(await host.inspect("p"), {
            status: "stopped",
            isGone: true,
            takenAway: "was lost with its node n1 (DeletionByPodGC: in its words)",
        });
    });
});
