import type { V1Pod } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { NoAnswer, patienceMs, pause } from "../../observing/time";
import { Cluster, codeOf, formatClusterError, isPassing } from "./client/cluster";
import { isTerminating, rankKeyOf } from "./podIdentity";

const reconnectMs = 500;

/** The current Pods of a session, kept up to date by a watch. */
export class LivePods {
    private pods = new Map<string, V1Pod>();
    private byRank = new Map<string, Set<string>>();
    private readonly before = new Map<string, V1Pod>();
    /** The Pods that are no longer there, as they were last seen, by their keys; with the cluster's time when they were gone, in ms. */
    private readonly last = new Map<string, { pod: V1Pod; goneAt: number }>();
    private readonly listeners = new Map<string, Set<() => void>>();
    private readonly closing = new AbortController();
    private failure: Error | undefined;
    /** When a Pod of the session was last terminating, in ms. */
    private lastTerminating = -Infinity;

    private constructor(
        private readonly cluster: Cluster,
        private readonly labelSelector: string,
    ) {}

    /** Lists the Pods, and watches them from then on if `keepWatching`. */
    static async open(cluster: Cluster, labelSelector: string, keepWatching: boolean): Promise<LivePods> {
        const live = new LivePods(cluster, labelSelector);
        const version = await live.list();
        live.pods.forEach((pod, name) => live.before.set(name, pod));
        if (keepWatching) {
            void live.keepUp(version);
        }
        return live;
    }

    /** The Pod of that name, or the newest one that a Job created for that rank. */
    get(key: string): V1Pod | undefined {
        return this.pods.get(key) ?? this.attempts(key)[0];
    }

    /** The last Pod of that key that was seen to go, and the cluster's time when it was gone, in ms. */
    lastOf(key: string): { pod: V1Pod; goneAt: number } | undefined {
        return this.last.get(key);
    }

    /** All existing Pods that a Job has created for that rank, newest first. */
    attempts(key: string): V1Pod[] {
        return [...(this.byRank.get(key) ?? [])].map((name) => this.pods.get(name)!).sort(newestFirst);
    }

    /** The Pod as it was when the watch began; undefined for a new one. */
    asBefore(pod: V1Pod): V1Pod | undefined {
        const known = this.before.get(pod.metadata!.name!);
        return known?.metadata?.uid === pod.metadata?.uid ? known : undefined;
    }

    /** All current Pods. */
    all(): V1Pod[] {
        return [...this.pods.values()];
    }

    /** All Pods as they were when the watch began. */
    allBefore(): V1Pod[] {
        return [...this.before.values()];
    }

    /** Lets removed Pods count as new ones from now on. */
    forget(isRemoved: (pod: V1Pod) => boolean): void {
        this.allBefore()
            .filter(isRemoved)
            .forEach(({ metadata }) => this.before.delete(metadata!.name!));
    }

    /** Whether a Pod of the session was terminating within the last ms: its room on a node may not be free yet. */
    hasSeenLeaving(withinMs: number): boolean {
        return Date.now() - this.lastTerminating < withinMs;
    }

    /** Calls back at each change of a Pod. Returns a function that ends this. */
    onChange(key: string, changed: () => void): () => void {
        const listeners = this.listeners.get(key) ?? new Set();
        this.listeners.set(key, listeners.add(changed));
        return () => void listeners.delete(changed);
    }

    /** Throws the error that ended the watch, if one did. */
    check(): void {
        if (this.failure !== undefined) {
            throw this.failure;
        }
    }

    close(): void {
        this.closing.abort();
    }

    private async list(): Promise<string | undefined> {
        const { core, namespace } = this.cluster;
        const { items, metadata } = await core.listNamespacedPod({ namespace, labelSelector: this.labelSelector });
        const [previous, current] = [this.pods, new Map(items.map((pod) => [pod.metadata!.name!, pod]))];
        this.pods = current;
        this.byRank = new Map();
        current.forEach((pod) => this.noteRank(pod));
        previous.forEach((pod, name) => !current.has(name) && this.noteGone(pod));
        [...previous.values(), ...current.values()].forEach((pod) => this.notify(pod));
        return metadata?.resourceVersion;
    }

    /**
     * Watches from a version on, and lists the Pods again whenever the watch ends, as it does every few minutes. The client's informer
     * reports no error of a watch that fails with an event, does not pause between watches, and can stay connected after its end.
     */
    private async keepUp(version: string | undefined): Promise<void> {
        let badSince: number | undefined;
        const debug = (what: string) => void pulumi.log.debug(`Kubernetes: the watch of the Pods ${what}`);
        for (let from = version; !this.closing.signal.aborted;) {
            try {
                from ??= await this.list();
                badSince = undefined;
                await this.watchFrom(from!);
                from = undefined;
                debug("ended");
            } catch (error) {
                from = undefined;
                debug(`failed: ${formatClusterError(error)}`);
                const isFinal = !isPassing(error) && codeOf(error) !== 410;
                badSince ??= Date.now();
                if (isFinal || Date.now() - badSince > patienceMs) {
                    this.failure = isFinal ? (error as Error) : new NoAnswer("The cluster", formatClusterError(error));
                    this.listeners.forEach((each) => each.forEach((changed) => changed()));
                    return;
                }
            }
            await pause(reconnectMs, this.closing.signal);
        }
    }

    private async watchFrom(resourceVersion: string): Promise<void> {
        const { watch, namespace } = this.cluster;
        const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
        await new Promise<void>((resolve, reject) => {
            const done = (error: unknown) => (error && !this.closing.signal.aborted ? reject(error) : resolve());
            const query = { labelSelector: this.labelSelector, resourceVersion };
            const opened = watch.watch(path, query, (phase, pod: V1Pod) => this.note(phase, pod), done);
            const end = () => void opened.then((connection) => connection.abort()).catch(() => undefined);
            this.closing.signal.addEventListener("abort", end);
            if (this.closing.signal.aborted) {
                end();
            }
            opened.catch(reject);
        });
    }

    private note(phase: string, raw: V1Pod): void {
        if (!["ADDED", "MODIFIED", "DELETED"].includes(phase)) {
            return;
        }
        const pod = withDates(raw);
        const name = pod.metadata!.name!;
        if (phase === "DELETED") {
            this.pods.delete(name);
            this.byRank.get(rankKeyOf(pod) ?? "")?.delete(name);
            this.noteGone(pod);
        } else {
            this.pods.set(name, pod);
            this.noteRank(pod);
        }
        this.notify(pod);
    }

    private noteGone(pod: V1Pod): void {
        this.last.set(rankKeyOf(pod) ?? pod.metadata!.name!, { pod, goneAt: this.cluster.now() });
    }

    private noteRank(pod: V1Pod): void {
        const key = rankKeyOf(pod);
        if (key !== undefined) {
            const names = this.byRank.get(key) ?? new Set();
            this.byRank.set(key, names.add(pod.metadata!.name!));
        }
    }

    private notify(pod: V1Pod): void {
        if (isTerminating(pod)) {
            this.lastTerminating = Date.now();
        }
        for (const key of [pod.metadata!.name!, rankKeyOf(pod)]) {
            this.listeners.get(key ?? "")?.forEach((changed) => changed());
        }
    }
}

/** A Job creates another Pod for a rank whose Pod has failed, is lost or is terminating, and may keep the old one. */
function newestFirst(one: V1Pod, other: V1Pod): number {
    // A watch delivers a time as a string.
    const [oneTime, otherTime] = [one, other].map(({ metadata }) =>
        new Date(metadata!.creationTimestamp ?? 0).getTime(),
    );
    return otherTime! - oneTime! || Number(isTerminating(one)) - Number(isTerminating(other));
}

/** A watch delivers plain JSON; the client converts the dates of all other answers. */
function withDates(pod: V1Pod): V1Pod {
    const conditions = pod.status?.conditions?.map((condition) => ({
        ...condition,
        ...(condition.lastTransitionTime && { lastTransitionTime: new Date(condition.lastTransitionTime) }),
    }));
    return { ...pod, status: { ...pod.status, conditions } };
}
