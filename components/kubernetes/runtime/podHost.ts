import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { EngineHost } from "../../observing/runtime";
import { Mask, tailLines, tailOf } from "../../observing/output";
import { EngineState } from "../../observing/engineState";
import { Status } from "../../model/outputs";
import { Plan } from "../../model/plan";
import { Attempts, hasFailed } from "./attempts";
import { Cluster, codeOf } from "./cluster";
import { JobView } from "./jobView";
import { LivePods } from "./livePods";
import { containerName } from "../resources/pod";
import { isTerminating, isRankKey, isWorker } from "./podIdentity";
import { endOf, podStateOf, absentState, statusIn, wasStartedAgain } from "./podState";
import { memoryMibOf } from "../resources/quantities";

/** How often a Pod is looked at that does not change: its patience may be over. */
const glanceMs = 1000;
/** How long the place of a Pod that is replaced may take to be another's: it ends within 5 s, and the scheduler retries after 10 s at most. */
const leavingMs = 20_000;

/** The Pods of a session as engines. */
export class PodHost implements EngineHost {
    /** How often each worker may be tried again: they are alike but for their rank. */
    private readonly mostRestarts: number;

    constructor(
        private readonly cluster: Cluster,
        private readonly live: LivePods,
        private readonly jobs: JobView,
        private readonly plan: Plan,
        private readonly mask: Mask,
    ) {
        this.mostRestarts = plan.groups[0]?.template.restarts ?? 0;
    }

    async inspect(key: string): Promise<EngineState> {
        this.live.check();
        return isRankKey(key) ? this.lookAtWorkerOfJob(key) : this.see(await this.find(key));
    }

    untilStarted(key: string, signal: AbortSignal): Promise<EngineState> {
        return this.until(key, signal, ({ status }) => status !== Status.Declared);
    }

    untilEnded(key: string, signal: AbortSignal, restarted: (seen: EngineState) => void): Promise<EngineState> {
        const told = new Set<string>();
        return this.until(key, signal, ({ status }) => {
            if (isRankKey(key)) {
                this.reportRestarts(key, told, restarted);
            }
            return status !== Status.Declared && status !== Status.Running;
        });
    }

    hasWorkers(): Promise<boolean> {
        return Promise.resolve(this.live.all().some((pod) => isWorker(pod) && !isTerminating(pod)));
    }

    /** Waits until an engine looks as wanted. */
    until(key: string, signal: AbortSignal, isWanted: (seen: EngineState) => boolean): Promise<EngineState> {
        return new Promise((resolve, reject) => {
            const lookAgain = async () => {
                try {
                    const seen = await this.inspect(key);
                    if (signal.aborted || isWanted(seen)) {
                        stop();
                        resolve(seen);
                    }
                } catch (error) {
                    stop();
                    reject(error);
                }
            };
            const changed = () => void lookAgain();
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

    async readTail(key: string): Promise<string | undefined> {
        const text = await this.readOutput(key);
        return text === undefined ? undefined : this.mask.apply(tailOf(text));
    }

    private async readOutput(key: string): Promise<string | undefined> {
        const pod = await this.find(key);
        if (pod === undefined) {
            return undefined;
        }
        const { core, namespace } = this.cluster;
        try {
            const name = pod.metadata!.name!;
            const previous = wasStartedAgain(pod);
            const text = await core.readNamespacedPodLog({
                namespace,
                name,
                container: containerName,
                tailLines,
                previous,
            });
            return text ?? "";
        } catch {
            // Whoever may not read logs, or comes when the node is gone, finds the end of them in the Pod's status.
            return endOf(pod)?.message;
        }
    }

    private see(pod: V1Pod | undefined): EngineState {
        const before = pod && this.live.asBefore(pod);
        return podStateOf(pod, {
            isNew: before === undefined,
            restartsBefore: statusIn(before)?.restartCount ?? 0,
            patience: this.live.hasSeenLeaving(leavingMs)
                ? Infinity
                : (this.plan.kubernetes.scheduleTimeoutSeconds ?? 0),
            memoryMib: memoryMibOf(containerIn(pod)?.resources?.limits?.memory),
            now: Date.now(),
        });
    }

    /** A Job makes the Pods of its ranks itself, and again when one is lost or may be tried again. */
    private lookAtWorkerOfJob(key: string): EngineState {
        const attempts = this.attemptsOf(key);
        if (attempts.newest === undefined) {
            return this.lookWithoutPod(key);
        }
        const seen = this.see(attempts.newest);
        const restarts = attempts.failed.filter((pod) => pod !== attempts.newest).length;
        const { id, ip, isNew } = seen;
        return attempts.goOn ? { id, ip, isNew, restarts, status: Status.Running } : { ...seen, restarts };
    }

    private lookWithoutPod(key: string): EngineState {
        const end = this.jobs.endOf(key);
        if (end !== undefined) {
            return end === Status.Succeeded ? { status: end, exitCode: 0 } : absentState;
        }
        const startError = this.jobs.problemOf(key);
        return startError === undefined ? { status: Status.Declared } : { status: Status.Stopped, startError };
    }

    /** Tells of each attempt that failed since the program began and that is followed by another. */
    private reportRestarts(key: string, told: Set<string>, restarted: (seen: EngineState) => void): void {
        this.attemptsOf(key).followed.forEach((pod, index) => {
            const name = pod.metadata!.name!;
            const before = this.live.asBefore(pod);
            const isOld = before !== undefined && hasFailed(before);
            if (!isOld && !told.has(name)) {
                told.add(name);
                restarted({ ...this.see(pod), restarts: index + 1 });
            }
        });
    }

    private attemptsOf(key: string): Attempts {
        return new Attempts(this.live.attempts(key), this.mostRestarts, () => this.jobs.endOf(key) !== undefined);
    }

    /** The Pod of that key. The API server may know of one that it has not told of yet. */
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

function containerIn(pod: V1Pod | undefined): V1Container | undefined {
    return pod?.spec?.containers.find(({ name }) => name === containerName);
}
