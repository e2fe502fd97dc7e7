import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { label } from "../labels";
import { EngineHost } from "../observing/engineHost";
import { Mask } from "../observing/mask";
import { tailLines, tailOf } from "../observing/tail";
import { Sighting } from "../observing/verdict";
import { Status } from "../outputs";
import { Plan } from "../plan";
import { Cluster, codeOf } from "./cluster";
import { LivePods } from "./livePods";
import { containerName } from "./pod";
import { endOf, sightingOf, statusIn, wasStartedAgain } from "./podSighting";
import { memoryMibOf } from "./quantities";

/** How often a Pod is looked at that does not change: its patience may be over. */
const glanceMs = 1000;
/** How long the place of a Pod that is replaced may take to be another's: it ends within 5 s, and the scheduler retries after 10 s at most. */
const leavingMs = 20_000;

/** The Pods of a session as engines. */
export class PodHost implements EngineHost {
    /** What keeps a Job from making its Pods, once that is known. */
    jobProblem: string | undefined;

    constructor(
        private readonly cluster: Cluster,
        private readonly live: LivePods,
        private readonly plan: Plan,
        private readonly mask: Mask,
    ) {}

    async look(key: string): Promise<Sighting> {
        this.live.check();
        const pod = await this.find(key);
        if (pod === undefined && key.startsWith("#")) {
            // A Job makes the Pods of its ranks itself, and again when one is lost.
            return this.jobProblem === undefined
                ? { status: Status.Declared }
                : { status: Status.Stopped, startError: this.jobProblem };
        }
        const before = pod && this.live.asBefore(pod);
        return sightingOf(pod, {
            isNew: before === undefined,
            restartsBefore: statusIn(before)?.restartCount ?? 0,
            patience: this.live.hasSeenLeaving(leavingMs)
                ? Infinity
                : (this.plan.kubernetes.scheduleTimeoutSeconds ?? 0),
            memoryMib: memoryMibOf(containerIn(pod)?.resources?.limits?.memory),
            now: Date.now(),
        });
    }

    untilStarted(key: string, signal: AbortSignal): Promise<Sighting> {
        return this.until(key, signal, ({ status }) => status !== Status.Declared);
    }

    untilEnded(key: string, signal: AbortSignal): Promise<Sighting> {
        return this.until(key, signal, ({ status }) => status !== Status.Declared && status !== Status.Running);
    }

    hasWorkers(): Promise<boolean> {
        return Promise.resolve(this.live.all().some(({ metadata }) => metadata?.labels?.[label.role] === "worker"));
    }

    /** Waits until an engine looks as wanted. */
    until(key: string, signal: AbortSignal, isWanted: (seen: Sighting) => boolean): Promise<Sighting> {
        return new Promise((resolve, reject) => {
            const lookAgain = async () => {
                try {
                    const seen = await this.look(key);
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

    /** The Pod of that key. The API server may know of one that it has not told of yet. */
    async find(key: string): Promise<V1Pod | undefined> {
        const known = this.live.get(key);
        if (known !== undefined || key.startsWith("#")) {
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
