import type { V1Pod } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { PassThrough, Readable } from "stream";
import { Source } from "../../observing/runtime";
import { pause, within } from "../../observing/time";
import { End } from "../../output/end";
import { linesOf, tailLines } from "../../output/tail";
import { containerName } from "../names";
import { TimedLines } from "../timedLines";
import { Cluster, formatClusterError, isPassing } from "./client/cluster";
import { endOf, timeOf, wasStartedAgain } from "./podState";

const retryMs = 500;
/** How long one answer with the end of an output may take. */
const answerMs = 15_000;
/** For how long it is asked for: a node may be away for good. */
const tailMs = 10_000;
/**
 * How long after the end of a container its output may still grow, how long it must stay the same, and when it is read again. A busy node
 * was seen to pause for more than 0.3 s before it wrote down the last 16 KiB, and for more than 1 s after a flood.
 */
const completeMs = 10_000;
const quietMs = { afterLittle: 1000, afterMuch: 4000 };
const againMs = 300;
const openMs = 30_000;
/** The status of a container may come somewhat later than the end of its output. */
const statusMs = 2000;
const glanceMs = 100;

/** The end of what a Pod's container printed: the last time, if it has restarted since. Undefined where it cannot be read. */
export async function readPodTail(cluster: Cluster, pod: V1Pod): Promise<string | undefined> {
    const end = endOf(pod);
    const age = () => cluster.now() - ((end && timeOf(end)) ?? 0);
    const name = pod.metadata!.name!;
    const read = () => readEnd(cluster, name, wasStartedAgain(pod));
    try {
        return await untilComplete(() => whilePassing(read, tailMs), age);
    } catch (error) {
        void pulumi.log.debug(`Kubernetes: the end of the output of ${name}: ${formatClusterError(error)}`);
        // Without the right to read logs, or without its node, their end is in the Pod's status.
        return end?.message;
    }
}

/**
 * Reads the end of an output again until it stays the same: the node notes the end of a container before it has written down all that the
 * container has printed. `age` is the time since that end, in ms.
 */
async function untilComplete(read: () => Promise<string>, age: () => number): Promise<string> {
    let [before, since] = ["", Date.now()];
    for (; ; await pause(againMs)) {
        const text = await read();
        since = text === before ? since : Date.now();
        const isMuch = linesOf(text).length >= tailLines;
        const enoughMs = isMuch ? quietMs.afterMuch : quietMs.afterLittle;
        if (Date.now() - since >= enoughMs || age() > completeMs) {
            return text;
        }
        before = text;
    }
}

/** Reads the last lines, of any length, and keeps their end: a limit of bytes would give their beginning. */
async function readEnd({ log, namespace }: Cluster, name: string, previous: boolean): Promise<string> {
    const [text, end] = [new PassThrough(), new End()];
    const read = new Promise<true>((resolve, reject) => {
        text.on("pipe", (from: Readable) => from.on("error", (error) => text.destroy(error)));
        text.on("data", (chunk: Buffer) => end.add(chunk));
        text.on("end", () => resolve(true)).on("error", reject);
    });
    const opening = log.log(namespace, name, containerName, text, { tailLines, previous });
    opening.catch((error: Error) => text.destroy(error));
    if ((await within(answerMs, read)) === undefined) {
        void opening.then((connection) => connection.abort()).catch(() => undefined);
        throw new Error(`no answer for ${answerMs / 1000} s`);
    }
    return end.toString();
}

/** What is asked for of a Pod's output. */
export interface PodOutput {
    name: string;
    /** From when on, in ms of the cluster's clock; all of it where undefined. */
    since?: number;
    /** Whether the container prints no more, or nobody waits for what it prints. */
    isOver(): Promise<boolean>;
}

/**
 * Opens a Pod's output. A connection that ends while the container runs is opened again and goes on where it was: load balancers and
 * API servers end each that was silent or open for some time.
 */
export async function openPodOutput(cluster: Cluster, output: PodOutput, signal: AbortSignal): Promise<Source> {
    const text = new PassThrough();
    const closing = new AbortController();
    const lines = new TimedLines();
    const open = (sinceTime?: string) => openStream(cluster, output.name, sinceTime);
    const since = output.since === undefined ? undefined : new Date(output.since).toISOString();
    let stream = await whilePassing(() => open(since), openMs, signal);
    const deliver = async () => {
        stream.text.on("data", (chunk: Buffer) => closing.signal.aborted || text.write(lines.take(chunk)));
        await stream.ended;
    };
    const isOver = async () => closing.signal.aborted || (await output.isOver());
    const followAll = async () => {
        await deliver();
        while (!(await isSoon(isOver))) {
            void pulumi.log.debug(`Kubernetes: the output of the Pod ${output.name} is opened again`);
            stream = await whilePassing(() => open(lines.lastTime ?? since), openMs, closing.signal);
            lines.openAgain();
            await deliver();
        }
    };
    const end = () => {
        closing.abort();
        stream.abort();
    };
    const read = (take: (chunk: Buffer) => void) => void text.on("data", take);
    return { read, ended: followAll().catch(() => undefined), end };
}

async function isSoon(isSo: () => Promise<boolean>): Promise<boolean> {
    for (const end = Date.now() + statusMs; Date.now() < end; await pause(glanceMs)) {
        if (await isSo()) {
            return true;
        }
    }
    return false;
}

interface PodStream {
    text: Readable;
    ended: Promise<void>;
    abort(): void;
}

async function openStream({ log, namespace }: Cluster, name: string, sinceTime?: string): Promise<PodStream> {
    void pulumi.log.debug(`Kubernetes: following the output of the Pod ${name}`);
    const text = new PassThrough();
    // The client does not pass on the end of a connection that breaks.
    text.on("pipe", (from: Readable) => from.on("error", () => text.end()).on("close", () => text.end()));
    const ended = new Promise<void>((resolve) => {
        text.on("end", resolve).on("close", resolve).on("error", resolve);
    });
    const options = { follow: true, timestamps: true, ...(sinceTime === undefined ? {} : { sinceTime }) };
    const connection = await log.log(namespace, name, containerName, text, options);
    const abort = () => {
        connection.abort();
        text.destroy();
    };
    return { text, ended, abort };
}

/** Asks again for so long, and once more at least, while errors come that may pass. */
export async function whilePassing<T>(ask: () => Promise<T>, forMs: number, signal?: AbortSignal): Promise<T> {
    const end = Date.now() + forMs;
    for (let asked = 1; ; asked++, await pause(retryMs, signal)) {
        try {
            return await ask();
        } catch (error) {
            if (!isPassing(error) || signal?.aborted || (asked > 1 && Date.now() > end)) {
                throw error;
            }
        }
    }
}
