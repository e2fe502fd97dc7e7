import type { CoreV1Event } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { closePodHosts, openPodHost } from "../../../helpers/podHosts";
import { PlayedPod, pod } from "../../../helpers/pods";
import { PartialArgs } from "../../../helpers/session";

const oneJob = (scheduleTimeoutSeconds: number): PartialArgs => ({
    backend: "kubernetes",
    kubernetes: { workers: "IndexedJob", scheduleTimeoutSeconds },
    wait: "completed",
});
const message = "exceeded quota: few, used: pods=2, limited: pods=2";
const refusal = (at: number) =>
    ({ involvedObject: { name: "j" }, message, lastTimestamp: new Date(at) }) as CoreV1Event;
const running: PlayedPod = { name: "a", job: "j", index: 0, state: { running: {} } };

/** What a worker of a Job is without a Pod after a time in ms, where a quota is full. */
async function lackingAfter(ms: number, scheduleTimeoutSeconds: number) {
    const { host, jobs, played } = await openPodHost([], oneJob(scheduleTimeoutSeconds));
    jobs.noteRefusals([refusal(Date.now())]);
    await host.inspect("j#1");
    played.aheadMs = ms;
    return host.inspect("j#1");
}

const full = {
    status: "stopped",
    startError: `${message}; to wait for room, raise kubernetes.scheduleTimeoutSeconds`,
    startsOnce: "there is room",
};

describe("a worker of a Job under a full quota", () => {
    afterEach(closePodHosts);

    it("is given up at once where the plan has no patience, and the Job goes on", async () => {
        assert.deepEqual(await lackingAfter(0, 0), full);
    });

    it("is waited for as long as a node would be", async () => {
        assert.deepEqual(await lackingAfter(59_000, 60), { status: "declared" });
        assert.deepEqual(await lackingAfter(61_000, 60), full);
    });

    it("is waited for while another Pod of the session is leaving", async () => {
        const { host, jobs } = await openPodHost([{ ...running, index: 1, isGoing: true }], oneJob(0));
        jobs.noteRefusals([refusal(Date.now())]);
        assert.deepEqual(await host.inspect("j#1"), { status: "declared" });
    });

    it("is not given up for what was said before it had a Pod", async () => {
        const { host, jobs, played, watch } = await openPodHost([], oneJob(0));
        jobs.noteRefusals([refusal(Date.now())]);
        watch.emit("ADDED", pod(running));
        played.aheadMs = 10_000;
        watch.emit("DELETED", pod(running));
        assert.deepEqual(await host.inspect("j#1"), { status: "declared" });
    });

    it("has its patience anew after it had a Pod", async () => {
        const { host, jobs, played, watch } = await openPodHost([], oneJob(60));
        jobs.noteRefusals([refusal(Date.now())]);
        await host.inspect("j#1");
        watch.emit("ADDED", pod(running));
        assert.equal((await host.inspect("j#1")).status, "running");
        played.aheadMs = 61_000;
        watch.emit("DELETED", pod(running));
        assert.deepEqual(await host.inspect("j#1"), { status: "declared" });
        jobs.noteRefusals([refusal(Date.now() + 62_000)]);
        assert.deepEqual(await host.inspect("j#1"), { status: "declared" });
        played.aheadMs = 122_000;
        assert.deepEqual(await host.inspect("j#1"), full);
    });
});

describe("a worker for which no node has room", () => {
    afterEach(closePodHosts);
    const waits = { phase: "Pending", unschedulable: "no room", since: new Date(0) };

    it("is started later by a Job of all workers", async () => {
        const { host } = await openPodHost([{ ...waits, job: "j", index: 0 }], oneJob(0));
        const { status, startsOnce } = await host.inspect("j#1");
        assert.deepEqual([status, startsOnce], ["stopped", "there is room"]);
    });

    it("is recreated by the next up where it is a Pod of its own", async () => {
        const { host } = await openPodHost([waits]);
        const { status, startsOnce } = await host.inspect("p");
        assert.deepEqual([status, startsOnce], ["stopped", undefined]);
    });
});
