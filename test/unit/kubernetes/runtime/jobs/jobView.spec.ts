import type { CoreV1Event, V1Job } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { JobView, keepJobsInView, listJobs } from "../../../../../components/kubernetes/runtime/jobs/jobView";
import { within } from "../../../../../components/observing/time";
import { PlayedCluster, eventually, refusal } from "../../../../helpers/playedCluster";

const job = (status: object, spec: object = {}) => ({ metadata: { name: "j" }, spec, status }) as unknown as V1Job;
const condition = (type: string, status = "True") => ({ conditions: [{ type, status }] });

function viewOf(...jobs: V1Job[]): JobView {
    const view = new JobView();
    view.note(jobs);
    return view;
}

describe("the end of a worker, as its Job reports it", () => {
    for (const [what, status, end] of [
        ["is a success of the Job", condition("Complete"), "succeeded"],
        ["is a failure of the Job", condition("Failed"), "failed"],
        ["is none while a condition is false", condition("Failed", "False"), undefined],
        ["is none while the Job says nothing", {}, undefined],
    ] as const) {
        it(what, () => assert.equal(viewOf(job(status)).endOf("j#7"), end));
    }

    it("is among the indices of an Indexed Job, which counts from 0", () => {
        const status = { completedIndexes: "0,3-5", failedIndexes: "1", ...condition("Failed") };
        const view = viewOf(job(status, { completionMode: "Indexed" }));
        assert.deepEqual(
            [1, 2, 3, 4, 5, 6, 7].map((rank) => view.endOf(`j#${rank}`)),
            ["succeeded", "failed", undefined, "succeeded", "succeeded", "succeeded", undefined],
        );
    });

    it("is none of an Indexed Job that names no indices yet", () => {
        const view = viewOf(job({ completedIndexes: "" }, { completionMode: "Indexed" }));
        assert.equal(view.endOf("j#1"), undefined);
    });

    it("is not known of another Job", () => {
        assert.equal(viewOf(job(condition("Failed"))).endOf("k#1"), undefined);
    });
});

describe("a Pod that the cluster takes away", () => {
    const onPodConditions = [{ type: "DisruptionTarget", status: "True" }];
    for (const [what, rules, forgives] of [
        ["is forgiven by a Job that ignores it", [{ action: "Ignore", onPodConditions }], true],
        ["counts for a Job that counts it", [{ action: "Count", onPodConditions }], false],
        ["counts for a Job that ignores exit codes", [{ action: "Ignore", onExitCodes: {} }], false],
        ["counts for a Job without rules", undefined, false],
    ] as const) {
        it(what, () => {
            const view = viewOf(job({}, rules && { podFailurePolicy: { rules } }));
            assert.equal(view.forgivesDisruptions("j#1"), forgives);
        });
    }

    it("counts for a Job that is not known", () => assert.equal(viewOf().forgivesDisruptions("j#1"), false));
});

describe("the Jobs of a session", () => {
    it("are listed by its label", async () => {
        const played = new PlayedCluster();
        played.jobs = [job({})];
        assert.equal((await listJobs(played.cluster, "a=b"))!.length, 1);
        assert.deepEqual(played.calls[0]!.query, { namespace: "here", labelSelector: "a=b" });
    });

    it("are unknown without the right to list them", async () => {
        const played = new PlayedCluster();
        played.refusals.jobs = refusal(403);
        assert.equal(await listJobs(played.cluster, "a=b"), undefined);
    });

    it("cannot be listed where the cluster fails", async () => {
        const played = new PlayedCluster();
        played.refusals.jobs = refusal(500, "broken");
        await assert.rejects(listJobs(played.cluster, "a=b"), { message: "broken" });
    });

    /** Keeps Jobs in view until each was polled once. */
    async function keep(played: PlayedCluster, isEnough: () => boolean): Promise<JobView> {
        const [view, end] = [new JobView(), new AbortController()];
        const viewing = keepJobsInView(view, played.cluster, "a=b", end.signal);
        await eventually(isEnough);
        await new Promise((resolve) => setTimeout(resolve, 10));
        end.abort();
        const ended = await within(
            500,
            viewing.then(() => "ended"),
        );
        assert.equal(ended, "ended");
        return view;
    }

    const event = (name: string, message: string, lastTimestamp?: Date) =>
        ({ involvedObject: { name }, message, lastTimestamp }) as CoreV1Event;

    async function problemWith(events: CoreV1Event[], aheadMs = 0): Promise<string | undefined> {
        const played = new PlayedCluster();
        played.aheadMs = aheadMs;
        played.events = events as PlayedCluster["events"];
        return (await keep(played, () => played.count("events") === 1)).refusalOf("j#1")?.message;
    }

    it("are kept from creating Pods by what their events say, and others by theirs", async () => {
        assert.equal(await problemWith([event("j", "exceeded quota", new Date())]), "exceeded quota");
        assert.equal(await problemWith([event("k", "exceeded quota", new Date())]), undefined);
    });

    it("are kept from it by the latest of their events", async () => {
        const [old, late] = [event("j", "old", new Date()), event("j", "late", new Date(Date.now() + 1000))];
        assert.equal(await problemWith([late, old]), "late");
    });

    it("are not kept from it by events before this up", async () => {
        const old = event("j", "exceeded quota", new Date(Date.now() - 60_000));
        assert.equal(await problemWith([old, event("j", "at an unknown time")]), undefined);
    });

    for (const [where, aheadMs] of [
        ["behind", -3_600_000],
        ["ahead", 3_600_000],
    ] as const) {
        it(`are kept from it by new events alone, where the cluster's clock is ${where} by an hour`, async () => {
            const at = (seconds: number) => new Date(Date.now() + aheadMs + seconds * 1000);
            assert.equal(await problemWith([event("j", "exceeded quota", at(0))], aheadMs), "exceeded quota");
            assert.equal(await problemWith([event("j", "exceeded quota", at(-60))], aheadMs), undefined);
        });
    }

    it("are polled with one request, however many they are", async () => {
        const played = new PlayedCluster();
        await keep(played, () => played.count("events") === 1 && played.count("jobs") === 1);
        const [events, jobs] = ["events", "jobs"].map((name) => played.calls.find((call) => call.name === name)!.query);
        assert.deepEqual(events, { namespace: "here", fieldSelector: "involvedObject.kind=Job,reason=FailedCreate" });
        assert.deepEqual(jobs, { namespace: "here", labelSelector: "a=b" });
    });

    it("are noted as they are now", async () => {
        const played = new PlayedCluster();
        played.jobs = [job(condition("Failed"))];
        assert.equal((await keep(played, () => played.count("jobs") === 1)).endOf("j#1"), "failed");
    });

    it("are polled no more without the rights to them", async () => {
        const played = new PlayedCluster();
        played.refusals.events = played.refusals.jobs = refusal(403);
        await keepJobsInView(new JobView(), played.cluster, "a=b", new AbortController().signal);
        assert.deepEqual([played.count("events"), played.count("jobs")], [1, 1]);
    });

    it("are polled again where the cluster failed for a moment", async () => {
        const played = new PlayedCluster();
        played.refusals.jobs = refusal(503);
        played.refusals.events = refusal(403);
        await keep(played, () => played.count("jobs") === 2);
        assert.equal(played.count("events"), 1);
    }).timeout(5000);
});
