import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { CreatedEngine, EngineHost } from "../../observing/runtime";
import { EngineState } from "../../observing/engineState";
import { Status } from "../../model/outputs";
import { patienceMs } from "../../observing/time";
import { Plan } from "../../model/plan";
import { describeDisruption, isDisrupted } from "./disruptions";
import { Attempts } from "./jobs/attempts";
import { Cluster, codeOf, fieldManager } from "./client/cluster";
import { JobView, Refusal } from "./jobs/jobView";
import { LivePods } from "./livePods";
import { printedByProbe, probeMessagesOf } from "./client/podEvents";
import { containerName } from "../names";
import { WorkerKind } from "../options";
import { groupOf, isTerminating, isRankKey, isWorker } from "./podIdentity";
import { readPodTail, whilePassing } from "./podOutput";
import { absentState, endOf, hasFailed, isReady, podStateOf, statusIn, unschedulableOf } from "./podState";
import { memoryMibOf } from "../quantities";

/** How often an unchanged Pod is inspected again: its time to wait for a node may be over. */
const glanceMs = 1000;
/** How long a replaced Pod may hold its room on a node once it has ended: the scheduler retries after at most 10 s. */
const afterLeavingMs = 15_000;

/** A kubelet looks for containers that have ended once a second, and reports them a little later. */
const kubeletLagMs = 2000;

/** What an engine waits for that no node, or no quota, has room for. */
const room = "there is room";

/** What is known of a session's cluster. */
export interface ClusterView {
    cluster: Cluster;
    live: LivePods;
    jobs: JobView;
}

/** The Pods of a session as engines. */
export class PodHost implements EngineHost {
    readonly reportLagMs = kubeletLagMs;
    /** How long a replaced Pod may hold its room on a node. */
    private readonly leavingMs: number;
    private readonly cluster: Cluster;
    private readonly live: LivePods;
    private readonly jobs: JobView;
    /** The ends of outputs that are complete, by the end of the container. */
    private readonly tails = new Map<string, string>();
    /** Since when the cluster lets a Job create no Pod for a worker, by key, in ms of the cluster's time. */
    private readonly refusedSince = new Map<string, number>();

    constructor(
        { cluster, live, jobs }: ClusterView,
        private readonly plan: Plan,
    ) {
        [this.cluster, this.live, this.jobs] = [cluster, live, jobs];
        const stopSeconds = [plan.master, ...plan.groups].map(({ template }) => template.stopSeconds);
        this.leavingMs = Math.max(...stopSeconds) * 1000 + afterLeavingMs;
    }

    async inspect(key: string): Promise<EngineState> {
        this.live.check();
        if (isRankKey(key)) {
            return this.inspectWorkerOfJob(key);
        }
        const pod = await this.find(key);
        return pod === undefined ? absentState(this.live.lastOf(key)?.pod) : this.stateOf(pod);
    }

    untilStarted(key: string, signal: AbortSignal): Promise<EngineState> {
        return this.until(key, signal, ({ status }) => status !== Status.Declared);
    }

    untilEnded(key: string, signal: AbortSignal, restarted: (state: EngineState) => void): Promise<EngineState> {
        const reported = new Set<string>();
        return this.until(key, signal, ({ status }) => {
            if (isRankKey(key)) {
                this.reportRestarts(key, reported, restarted);
            }
            return status !== Status.Declared && status !== Status.Running;
        });
    }

    /** The cluster runs the check, as the startup probe of the Pod. */
    async untilJoined({ id }: CreatedEngine, signal: AbortSignal): Promise<boolean> {
        await this.until(id, signal, ({ status }) => {
            const runs = status === Status.Declared || status === Status.Running;
            return !runs || (status === Status.Running && isReady(this.live.get(id)));
        });
        return !signal.aborted;
    }

    async readJoinCheck(key: string): Promise<string | undefined> {
        const pod = await this.find(key);
        const messages = pod === undefined ? [] : await probeMessagesOf(this.cluster, pod.metadata!.name!);
        return printedByProbe(messages.at(-1));
    }

    /** A Pod whose deadline is over is ended by its node, and stays: with its end, its output and its seconds to stop. */
    async end(key: string): Promise<void> {
        const pod = await this.find(key);
        if (pod !== undefined && !isTerminating(pod)) {
            const { core, namespace } = this.cluster;
            const body = [{ op: "add", path: "/spec/activeDeadlineSeconds", value: 1 }];
            const patch = () => core.patchNamespacedPod({ namespace, name: pod.metadata!.name!, fieldManager, body });
            await whilePassing(patch, patienceMs).catch((error) => codeOf(error) !== 404 && Promise.reject(error));
        }
    }

    hasWorkers(): Promise<boolean> {
        return Promise.resolve(this.live.all().some((pod) => isWorker(pod) && !isTerminating(pod)));
    }

    /** Waits until an engine is in a wanted state. */
    until(key: string, signal: AbortSignal, isWanted: (state: EngineState) => boolean): Promise<EngineState> {
        return new Promise((resolve, reject) => {
            const inspectAgain = async () => {
                try {
                    const state = await this.inspect(key);
                    if (signal.aborted || isWanted(state)) {
                        stop();
                        resolve(state);
                    }
                } catch (error) {
                    stop();
                    reject(error);
                }
            };
            const changed = () => void inspectAgain();
            const stopListening = this.live.onChange(key, changed);
            const glancing = setInterval(changed, glanceMs);
            const stop = () => {
                stopListening();
                clearInterval(glancing);
                signal.removeEventListener("abort", changed);
            };
            signal.addEventListener("abort", changed);
            changed();
        });
    }

    async readTail(engine: string): Promise<string | undefined> {
        const pod = await this.find(engine);
        const end = endOf(pod);
        if (pod === undefined || end === undefined) {
            return pod && readPodTail(this.cluster, pod);
        }
        // What has ended prints no more, and to be sure of that takes a second.
        const key = `${pod.metadata!.uid} ${end.containerID}`;
        const tail = this.tails.get(key) ?? (await readPodTail(this.cluster, pod));
        // The message stands in for an output that cannot be read now.
        if (tail !== undefined && tail !== end.message) {
            this.tails.set(key, tail);
        }
        return tail;
    }

    private stateOf(pod: V1Pod): EngineState {
        const before = this.live.asBefore(pod);
        return podStateOf(pod, {
            isNew: before === undefined,
            restartsBefore: statusIn(before)?.restartCount ?? 0,
            patience: this.patience(),
            memoryMib: memoryMibOf(containerIn(pod)?.resources?.limits?.memory),
            maxSeconds: this.plan.maxSeconds,
            now: this.cluster.now(),
        });
    }

    /** How long an engine may wait for room, in seconds. */
    private patience(): number {
        return this.live.hasSeenLeaving(this.leavingMs) ? Infinity : (this.plan.kubernetes.scheduleTimeoutSeconds ?? 0);
    }

    /** A Job creates the Pods of its ranks itself, and recreates one that is lost or may restart. */
    private inspectWorkerOfJob(key: string): EngineState {
        const attempts = this.attemptsOf(key);
        if (attempts.newest === undefined) {
            return this.stateWithoutPod(key);
        }
        this.refusedSince.delete(key);
        const state = this.stateOf(attempts.newest);
        const restarts = attempts.failed.filter((pod) => pod !== attempts.newest).length;
        const { id, ip, isNew, startError } = state;
        // A Job for all workers of a group stays where one of them has no room.
        const isLater =
            startError && unschedulableOf(attempts.newest) && this.plan.kubernetes.workers === WorkerKind.IndexedJob;
        const later = isLater ? { startsOnce: room } : {};
        if (attempts.isReplaced) {
            return { id, ip, isNew, restarts, status: Status.Declared };
        }
        return attempts.goOn ? { id, ip, isNew, restarts, status: Status.Running } : { ...state, ...later, restarts };
    }

    private stateWithoutPod(key: string): EngineState {
        const [end, last] = [this.jobs.endOf(key), this.live.lastOf(key)];
        if (end !== undefined) {
            return end === Status.Succeeded ? { status: end, exitCode: 0 } : absentState(last?.pod);
        }
        const refusal = this.jobs.refusalOf(key);
        if (refusal === undefined || refusal.at < (last?.goneAt ?? -Infinity)) {
            return { status: Status.Declared };
        }
        const now = this.cluster.now();
        const since = this.refusedSince.get(key) ?? now;
        this.refusedSince.set(key, since);
        return refusedState(refusal, now - since, this.patience() * 1000);
    }

    /** Reports each attempt that has ended since the program began and that another follows. */
    private reportRestarts(key: string, reported: Set<string>, restarted: (state: EngineState) => void): void {
        const attempts = this.attemptsOf(key);
        const counted = attempts.followed.map((pod, index) => ({ pod, restarts: index + 1 }));
        const forgiven = attempts.forgiven.map((pod) => ({ pod, restarts: undefined }));
        for (const { pod, restarts } of [...counted, ...forgiven]) {
            const name = pod.metadata!.name!;
            const before = this.live.asBefore(pod);
            const isOld = before !== undefined && (hasFailed(before) || isDisrupted(before));
            if (!isOld && !reported.has(name)) {
                reported.add(name);
                restarted({ ...this.stateOf(pod), takenAway: describeDisruption(pod), restarts });
            }
        }
    }

    private attemptsOf(key: string): Attempts {
        const pods = this.live.attempts(key);
        const most = this.mostRestarts(pods[0]);
        return new Attempts(pods, {
            most,
            // One whose containers restart without limit has no limit for its Pods either.
            forgivesDisruptions: most === Infinity || this.jobs.forgivesDisruptions(key),
            isOver: () => this.jobs.endOf(key) !== undefined,
        });
    }

    /** How often a worker may restart, by one of its Pods: all workers of a group have the same limit. */
    private mostRestarts(pod: V1Pod | undefined): number {
        const group = pod && groupOf(pod);
        return this.plan.groups.find(({ template }) => template.group === group)?.template.restarts ?? 0;
    }

    /** The Pod of a key. The API server may have one whose event has not arrived yet. */
    async find(key: string): Promise<V1Pod | undefined> {
        const known = this.live.get(key);
        if (known !== undefined || isRankKey(key)) {
            return known;
        }
        try {
            const { core, namespace } = this.cluster;
            return await core.readNamespacedPod({ namespace, name: key });
        } catch (error) {
            if (codeOf(error) === 404) {
                return undefined;
            }
            throw error;
        }
    }
}

/** The state of a worker whose Pod the cluster lets its Job not create. The Job tries again without end. */
function refusedState({ message }: Refusal, sinceMs: number, patienceMs: number): EngineState {
    const isForRoom = message.includes("exceeded quota");
    if (isForRoom && sinceMs < patienceMs) {
        return { status: Status.Declared };
    }
    const hint = isForRoom ? "; to wait for room, raise kubernetes.scheduleTimeoutSeconds" : "";
    const startsOnce = isForRoom ? room : "the cluster allows it";
    return { status: Status.Stopped, startError: `${message}${hint}`, startsOnce };
}

function containerIn(pod: V1Pod | undefined): V1Container | undefined {
    return pod?.spec?.containers.find(({ name }) => name === containerName);
}
