import { Status } from "../model/outputs";
import { EngineHost, Source } from "../observing/runtime";
import { within } from "../observing/time";
import { Following, followText } from "./following";
import { LineBatches } from "./lineBatches";
import { Mask } from "./mask";
import { pLimit } from "./pLimit";

/** How long nothing may come before the rest is read apart. */
const idleMs = 2000;
/** How long an engine that has ended may go on with what it has printed: the end of a flood is read apart. */
const drainMs = 10_000;
/** How long an output may take to open when the watching ends. */
const openMs = 5000;
/** How long Pulumi may take to show the last lines: a busy machine is slow, and it shows one line after the other. */
const showMs = 60_000;

type Show = (lines: string) => Promise<void>;

/** The outputs that are followed, until all watching ends. */
export class Followings {
    private readonly opening: Promise<void>[] = [];
    /** How to show the output of an engine that is not followed yet, by the engine's key. */
    private readonly awaited = new Map<string, Show>();
    private readonly open: { key: string; following: Following }[] = [];
    private closed = false;
    /** Lines on their way to Pulumi take memory, here and there, and it takes one after the other: a hundred engines would send ten thousand at once. */
    private readonly inTurn = pLimit(1);

    constructor(private readonly mask: Mask) {}

    /** Follows the output of an engine. `follow` opens it, and that of each engine that takes its place. */
    begin(id: string, show: Show, follow: (opened: (key: string, output: Source) => void) => Promise<void>): void {
        this.awaited.set(id, show);
        const opened = (key: string, output: Source) => {
            this.awaited.delete(id);
            this.keep(key, followText(output, this.batches(show)));
        };
        this.opening.push(follow(opened));
    }

    /** Shows what engines that have ended printed last, and ends all following. */
    async close(host: EngineHost): Promise<void> {
        // What has ended so soon that its output is not open yet is shown too.
        await within(openMs, Promise.all(this.opening));
        this.closed = true;
        await Promise.all([
            ...this.open.splice(0).map(({ key, following }) => finish(host, key, following)),
            ...[...this.awaited].map(([id, show]) => this.showTail(host, id, show)),
        ]);
    }

    private batches(show: Show): LineBatches {
        return new LineBatches(this.mask, show, this.inTurn);
    }

    private keep(key: string, following: Following): void {
        if (this.closed) {
            void following.stop();
        } else {
            this.open.push({ key, following });
        }
    }

    /** Shows the end of an output that could not be followed. */
    private async showTail(host: EngineHost, id: string, show: Show): Promise<void> {
        const seen = await host.inspect(id).catch(() => undefined);
        if (seen?.isNew && seen.exitCode !== undefined) {
            const lines = this.batches(show);
            lines.catchUp((await host.readTail(id).catch(() => undefined)) ?? "");
            await within(showMs, lines.flush());
        }
    }
}

async function finish(host: EngineHost, key: string, following: Following): Promise<void> {
    const seen = await host.inspect(key).catch(() => undefined);
    if (seen === undefined || seen.status === Status.Running) {
        await within(showMs, following.stop());
        return;
    }
    await following.drained(idleMs, drainMs);
    const tail = await host.readTail(key).catch(() => undefined);
    await within(showMs, following.stop(tail));
}
