import assert from "node:assert/strict";
import {
    PodHistory,
    absentState,
    endOf,
    isReady,
    podStateOf,
    wasStartedAgain,
} from "../../../../components/kubernetes/runtime/podState";
import { EngineState, formatFailure } from "../../../../components/observing/engineState";
import { PlayedPod, pod, terminated, waiting } from "../../../helpers/pods";

const now = Date.parse("2024-01-01T12:00:00Z");
const running = { running: {} };
const defaultImage = "distributed-session/engine:0.2.0";
const remedy = "; this image must be on the cluster's nodes, or be pushed to a registry and named in master.image";
const scheduleHint = "; where the cluster adds nodes on demand, raise kubernetes.scheduleTimeoutSeconds";
const secondsAgo = (seconds: number) => new Date(now - seconds * 1000);

function see(given: PlayedPod, history: Partial<PodHistory> = {}): Partial<EngineState> {
    const all = podStateOf(pod(given), {
        isNew: true,
        restartsBefore: 0,
        patience: 0,
        memoryMib: 256,
        now,
        ...history,
    });
    const { id, ip, isNew, ...seen } = all;
    assert.deepEqual([id, ip, isNew], ["p", "10.244.0.7", true]);
    return Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined && value !== false));
}

describe("a Pod", () => {
    const ended = { memoryMib: 256 };
    const table: [string, PlayedPod, Partial<EngineState>, Partial<PodHistory>?][] = [
        ["is declared before the scheduler has tried to place it", { phase: "Pending" }, { status: "declared" }],
        [
            "is declared while its container is created",
            { phase: "Pending", state: waiting("ContainerCreating") },
            { status: "declared" },
        ],
        ["runs", { state: running }, { status: "running" }],
        ["has succeeded", { phase: "Succeeded", state: terminated(0) }, { status: "succeeded", exitCode: 0, ...ended }],
        ["has failed", { phase: "Failed", state: terminated(3) }, { status: "failed", exitCode: 3, ...ended }],
        [
            "has failed where it is to run whatever its exit code, and runs again since this up began",
            { restartPolicy: "Always", state: running, lastState: terminated(0), restartCount: 1 },
            { status: "failed", exitCode: 0, ...ended },
        ],
        [
            "is going away where it is to run whatever its exit code, and ends with 0 for that",
            { restartPolicy: "Always", state: terminated(0), isGoing: true },
            { status: "failed", exitCode: 0, isGone: true, ...ended },
        ],
        [
            "has failed as soon as its container has, though it will be started again",
            { state: terminated(3) },
            { status: "failed", exitCode: 3, ...ended },
        ],
        [
            "has failed where it runs again since this up began",
            { state: running, lastState: terminated(3), restartCount: 2 },
            { status: "failed", exitCode: 3, ...ended },
            { restartsBefore: 1 },
        ],
        [
            "runs where it was started again before this up",
            { state: running, lastState: terminated(3), restartCount: 2 },
            { status: "running" },
            { restartsBefore: 2 },
        ],
        [
            "has failed while it waits to be started again",
            {
                state: waiting("CrashLoopBackOff", "back-off 10s"),
                lastState: terminated(137, "OOMKilled"),
                restartCount: 2,
            },
            { status: "failed", exitCode: 137, outOfMemory: true, ...ended },
            { restartsBefore: 2 },
        ],
        [
            "was killed for memory",
            { phase: "Failed", state: terminated(137, "OOMKilled") },
            { status: "failed", exitCode: 137, outOfMemory: true, ...ended },
        ],
        [
            "was killed, and not for memory",
            { phase: "Failed", state: terminated(137) },
            { status: "failed", exitCode: 137, ...ended },
        ],
        [
            "was ended by its node for what it did",
            { phase: "Failed", reason: "Evicted", message: "Usage of EmptyDir exceeds the limit." },
            { status: "failed", takenAway: "was ended by the cluster: Evicted: Usage of EmptyDir exceeds the limit." },
        ],
        [
            "was ended for a reason without a message, with its exit code",
            { phase: "Failed", reason: "Terminated", state: terminated(143) },
            { status: "failed", takenAway: "was ended by the cluster: Terminated", exitCode: 143 },
        ],
        ...Object.entries({
            EvictionByEvictionAPI: "was evicted from its node n1, as kubectl drain does",
            PreemptionByScheduler: "had to leave its node n1 for a Pod of higher priority",
            DeletionByTaintManager: "had to leave its node n1, which is lost or has a new taint",
            DeletionByPodGC: "was lost with its node n1",
            Unheard: "was taken away by the cluster",
        }).map(([disruption, takenAway]): [string, PlayedPod, Partial<EngineState>] => [
            `was taken away by reason of ${disruption}`,
            { phase: "Failed", isGoing: true, node: "n1", disruption, state: terminated(143) },
            { status: "failed", takenAway: `${takenAway} (${disruption}: in its words)`, exitCode: 143, isGone: true },
        ]),
        [
            "was ended by its node, which says why in the status, and stays",
            {
                phase: "Failed",
                reason: "Evicted",
                message: "low on memory",
                disruption: "TerminationByKubelet",
                since: secondsAgo(3),
            },
            {
                endedAt: now - 3000,
                status: "failed",
                takenAway:
                    "was ended by its node, which is short of something or is shut down (Evicted: low on memory)",
            },
        ],
        [
            "runs until it has ended, though it has to go",
            { state: running, isGoing: true, disruption: "EvictionByEvictionAPI" },
            { status: "running" },
        ],
        [
            "has succeeded where it ended well before it went",
            { phase: "Succeeded", state: terminated(0), isGoing: true, disruption: "EvictionByEvictionAPI" },
            { status: "succeeded", exitCode: 0, ...ended },
        ],
        [
            "was removed, which says nothing of its program",
            { phase: "Failed", state: terminated(143), isGoing: true },
            { status: "failed", exitCode: 143, isGone: true, ...ended },
        ],
        [
            "was ended because its time was over, though its program ended with 0",
            { phase: "Failed", reason: "DeadlineExceeded", deadline: 60, state: terminated(0) },
            { status: "failed", outlived: 60, takenAway: "was ended by the cluster: DeadlineExceeded", exitCode: 0 },
            { maxSeconds: 60 },
        ],
        [
            "was ended by another deadline than that of the session, as at the end of a job",
            { phase: "Failed", reason: "DeadlineExceeded", deadline: 1, state: terminated(143) },
            { status: "failed", takenAway: "was ended by the cluster: DeadlineExceeded", exitCode: 143 },
            { maxSeconds: 60 },
        ],
        [
            "could not be started, because its program does not exist",
            { phase: "Failed", state: terminated(128, "StartError", 'exec: "work": not found') },
            { status: "failed", exitCode: 128, startError: 'exec: "work": not found', ...ended },
        ],
        [
            "could not be started, by an older runtime's reason",
            { phase: "Failed", state: terminated(127, "ContainerCannotRun", "no such file") },
            { status: "failed", exitCode: 127, startError: "no such file", ...ended },
        ],
        [
            "has an image that cannot be pulled",
            { phase: "Pending", state: waiting("ErrImagePull", "not found") },
            { status: "stopped", startError: "ErrImagePull: not found" },
        ],
        [
            "has the default image, which is not there",
            { phase: "Pending", image: defaultImage, state: waiting("ImagePullBackOff", "not found") },
            { status: "stopped", startError: `ImagePullBackOff: not found${remedy}` },
        ],
        [
            "cannot be started for a reason that the cluster does not explain",
            { phase: "Pending", image: defaultImage, state: waiting("CreateContainerConfigError") },
            { status: "stopped", startError: "CreateContainerConfigError: the cluster says no more" },
        ],
        ...[
            "ErrImageNeverPull",
            "InvalidImageName",
            "ImageInspectError",
            "CreateContainerError",
            "RunContainerError",
        ].map((reason): [string, PlayedPod, Partial<EngineState>] => [
            `cannot be started by reason of ${reason}`,
            { phase: "Pending", state: waiting(reason, "no") },
            { status: "stopped", startError: `${reason}: no` },
        ]),
        [
            "finds no node",
            { phase: "Pending", unschedulable: "0/3 nodes are available", since: secondsAgo(0) },
            { status: "stopped", startError: `Unschedulable: 0/3 nodes are available${scheduleHint}` },
        ],
        [
            "finds no node, without a time since when",
            { phase: "Pending", unschedulable: "0/3 nodes are available" },
            { status: "stopped", startError: `Unschedulable: 0/3 nodes are available${scheduleHint}` },
        ],
        [
            "may wait for a node for the time that is set",
            { phase: "Pending", unschedulable: "0/3 nodes are available", since: secondsAgo(59) },
            { status: "declared" },
            { patience: 60 },
        ],
        [
            "may wait for a node no longer than that time",
            { phase: "Pending", unschedulable: "0/3 nodes are available", since: secondsAgo(60) },
            { status: "stopped", startError: `Unschedulable: 0/3 nodes are available${scheduleHint}` },
            { patience: 60 },
        ],
        [
            "is what its engine is, also with another container before it",
            { state: terminated(3), beside: "a-sidecar" },
            { status: "failed", exitCode: 3, ...ended },
        ],
    ];
    for (const [what, given, seen, history] of table) {
        it(what, () => assert.deepEqual(see(given, history), seen));
    }

    it("is stopped, and gone, where there is none", () => {
        assert.deepEqual(absentState(), { status: "stopped", isGone: true });
        assert.deepEqual(absentState(pod({ state: running })), { status: "stopped", isGone: true });
    });

    it("that was removed is named as that, and not by its exit code", () => {
        const seen = see({ phase: "Failed", state: terminated(143), isGoing: true }) as EngineState;
        assert.equal(formatFailure(seen), "was removed outside Pulumi");
    });

    it("that was killed for memory is reported with its limit", () => {
        const seen = see({ phase: "Failed", state: terminated(137, "OOMKilled") }) as EngineState;
        assert.match(formatFailure(seen), /more memory than its limit of 256 MiB \(exit code 137\)/);
    });
});

describe("the end of a Pod's container", () => {
    it("is the last one, where it was started again", () => {
        const again = pod({ state: running, lastState: terminated(3, "Error", "last words") });
        assert.equal(endOf(again)!.message, "last words");
        assert.equal(wasStartedAgain(again), true);
    });

    it("is its own, where it has ended now", () => {
        const now = pod({ state: terminated(0), lastState: terminated(3) });
        assert.equal(endOf(now)!.exitCode, 0);
        assert.equal(wasStartedAgain(now), false);
    });

    it("is none, where it has not ended", () => {
        for (const each of [undefined, pod(), pod({ state: running })]) {
            assert.equal(endOf(each), undefined);
            assert.equal(wasStartedAgain(each), false);
        }
    });
});

describe("a Pod that listens on its ports", () => {
    it("is one whose container the cluster calls ready", () => {
        assert.equal(isReady(pod({ state: running, ready: true })), true);
        assert.equal(isReady(pod({ state: running, ready: false })), false);
        assert.equal(isReady(pod({ phase: "Pending" })), false);
        assert.equal(isReady(undefined), false);
    });
});
