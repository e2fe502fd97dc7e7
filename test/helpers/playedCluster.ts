import type { V1Job, V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { PassThrough } from "stream";
import { Cluster } from "../../components/kubernetes/runtime/client/cluster";

/** An answer of the API server that is an error. */
export function refusal(code: number, message = "no"): Error {
    return Object.assign(new Error(message), { code });
}

/** A watch that a test plays. */
export interface PlayedWatch {
    query: Record<string, unknown>;
    /** Whether the program has closed it. */
    aborted: boolean;
    /** Delivers an event. */
    emit(phase: string, pod: V1Pod): void;
    /** Ends it, with an error or as the API server does every few minutes. */
    end(error?: unknown): void;
}

/** The stream of a Pod's output that a test plays. */
export interface PlayedStream {
    query: Record<string, unknown>;
    /** What comes over the connection; destroyed with an error, the connection breaks. */
    from: PassThrough;
    /** Whether the program has closed it. */
    aborted: boolean;
}

/** A namespace of a cluster with these Pods, which answers and watches as a test says. */
export class PlayedCluster {
    pods: V1Pod[];
    job: V1Job | undefined;
    jobs: V1Job[] = [];
    services: { metadata: V1ObjectMeta }[] = [];
    configMaps: { metadata: V1ObjectMeta }[] = [];
    policies: { metadata: V1ObjectMeta }[] = [];
    secrets: { metadata: V1ObjectMeta; data?: Record<string, string> }[] = [];
    events: { reason?: string; message?: string; lastTimestamp?: Date; involvedObject?: { name: string } }[] = [];
    logs = "";
    /** How far its clock is ahead of this machine's, in ms. */
    aheadMs = 0;
    /** The errors that calls end with, by their name. */
    readonly refusals: Record<string, unknown> = {};
    /** The errors that the next calls end with, one after the other, by their name. */
    readonly passing: Record<string, unknown[]> = {};
    readonly streams: PlayedStream[] = [];
    /** How long calls take, in ms, by their name. */
    readonly delays: Record<string, number> = {};
    readonly calls: { name: string; query: Record<string, any> }[] = [];
    readonly watches: PlayedWatch[] = [];
    private listed = 0;

    constructor(...pods: V1Pod[]) {
        this.pods = pods;
    }

    /** How often something was asked for. */
    count(name: string): number {
        return this.calls.filter((call) => call.name === name).length;
    }

    /** The clients for it. */
    get cluster(): Cluster {
        const play = (name: string, answer: (query: any) => unknown) => async (query: any) => {
            this.calls.push({ name, query });
            const [refused, delay] = [this.passing[name]?.shift() ?? this.refusals[name], this.delays[name]];
            if (delay !== undefined) {
                await new Promise((resolve) => setTimeout(resolve, delay));
            }
            return refused === undefined ? answer(query) : Promise.reject(refused);
        };
        const findIn = (objects: () => { metadata?: V1ObjectMeta }[]) => {
            return ({ name }: { name: string }) =>
                objects().find(({ metadata }) => metadata!.name === name) ?? Promise.reject(refusal(404));
        };
        return {
            namespace: "here",
            now: () => Date.now() + this.aheadMs,
            networking: { listNamespacedNetworkPolicy: play("policies", () => ({ items: this.policies })) },
            core: {
                listNamespacedPod: play("list", () => ({
                    items: [...this.pods],
                    metadata: { resourceVersion: String(++this.listed) },
                })),
                listNamespacedSecret: play("secrets", () => ({ items: this.secrets })),
                readNamespacedSecret: play(
                    "readSecret",
                    findIn(() => this.secrets),
                ),
                readNamespacedPod: play(
                    "read",
                    findIn(() => this.pods),
                ),
                patchNamespacedPod: play(
                    "patchPod",
                    findIn(() => this.pods),
                ),
                deleteNamespacedPod: play(
                    "deletePod",
                    findIn(() => this.pods),
                ),
                listNamespacedService: play("services", () => ({ items: this.services })),
                readNamespacedService: play(
                    "readService",
                    findIn(() => this.services),
                ),
                deleteNamespacedService: play(
                    "deleteService",
                    findIn(() => this.services),
                ),
                readNamespacedConfigMap: play(
                    "readConfigMap",
                    findIn(() => this.configMaps),
                ),
                patchNamespacedConfigMap: play(
                    "patchConfigMap",
                    findIn(() => this.configMaps),
                ),
                deleteNamespacedConfigMap: play(
                    "deleteConfigMap",
                    findIn(() => this.configMaps),
                ),
                listNamespacedEvent: play("events", () => ({ items: this.events })),
            },
            batch: {
                listNamespacedJob: play("jobs", () => ({ items: this.jobs })),
                readNamespacedJob: play("readJob", (query) => this.job ?? findIn(() => this.jobs)(query)),
                deleteNamespacedJob: play(
                    "deleteJob",
                    findIn(() => this.jobs),
                ),
                patchNamespacedJob: play("patchJob", () => this.job),
            },
            log: {
                log: async (_: string, name: string, __: string, to: PassThrough, options: object) => {
                    const query = { name, ...options };
                    if (!("follow" in options)) {
                        to.end(await play("log", () => this.logs)(query));
                        return { abort: () => undefined };
                    }
                    await play("follow", () => undefined)(query);
                    const stream: PlayedStream = { query, from: new PassThrough(), aborted: false };
                    stream.from.pipe(to);
                    this.streams.push(stream);
                    return { abort: () => (stream.aborted = true) };
                },
            },
            watch: {
                watch: (
                    path: string,
                    query: Record<string, unknown>,
                    emit: PlayedWatch["emit"],
                    done: PlayedWatch["end"],
                ) => {
                    this.calls.push({ name: "watch", query: { path, ...query } });
                    const watch: PlayedWatch = { query, aborted: false, emit, end: (error) => done(error ?? null) };
                    this.watches.push(watch);
                    const abort = () => {
                        watch.aborted = true;
                        done(null);
                    };
                    return Promise.resolve({ abort });
                },
            },
        } as unknown as Cluster;
    }
}

/** Waits until something is as it should be; fails when it is not soon. */
export async function eventually(isSo: () => boolean, ms = 3000): Promise<void> {
    for (const end = Date.now() + ms; !isSo();) {
        if (Date.now() > end) {
            throw new Error(`not so after ${ms} ms: ${isSo.toString()}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
}
