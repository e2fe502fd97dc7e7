import { Status } from "../model/outputs";
import { secretValuesOf } from "../model/secretValues";
import { CreatedEngine, EngineHost, Source } from "./runtime";
import { within } from "./time";

/** How much of the end of an output is kept. */
export const tailLines = 200;
const tailBytes = 16 * 1024;

/** The end of a text that is kept: from a whole line on. */
export function tailOf(text: string): string {
    const bytes = Buffer.from(text);
    return bytes.length <= tailBytes
        ? text
        : bytes
              .subarray(-tailBytes)
              .toString("utf8")
              .replace(/^[^\n]*\n/, "");
}

const shown = "[secret]";
/** Pulumi hides nothing shorter either: a digit or two are in every text. */
const shortest = 3;

/** Hides secrets in what engines print. */
export class Mask {
    private readonly secrets = new Set<string>();
    private readonly seen = new Set<unknown>();

    /** Hides the secrets that an engine was given from now on. */
    async learn({ engine }: CreatedEngine): Promise<void> {
        // All workers of a group have the same environment of the user's.
        if (!this.seen.has(engine.template.env)) {
            this.seen.add(engine.template.env);
            this.hide(await secretValuesOf(engine));
        }
    }

    hide(values: string[]): void {
        // Output is shown line by line, and so is a secret of many lines.
        const lines = values.flatMap((value) => value.split(/\r?\n/));
        lines.filter((line) => line.trim().length >= shortest).forEach((line) => this.secrets.add(line));
    }

    /** The text without secrets. The longest go first, as one may be part of another. */
    apply(text: string): string {
        return [...this.secrets]
            .sort((one, other) => other.length - one.length)
            .reduce((masked, secret) => masked.replaceAll(secret, shown), text);
    }
}

const batchMs = 100;
const mostLinesPerBatch = 100;
const longestLine = 64 * 1024;

/** The engines of a host, with the secrets hidden in what they printed. */
export function masked(host: EngineHost, mask: Mask): EngineHost {
    return {
        inspect: (key) => host.inspect(key),
        untilStarted: (key, signal) => host.untilStarted(key, signal),
        untilEnded: (key, signal, restarted) => host.untilEnded(key, signal, restarted),
        hasWorkers: () => host.hasWorkers(),
        readTail: async (key) => {
            const text = await host.readTail(key);
            return text === undefined ? undefined : tailOf(mask.apply(text));
        },
    };
}

/** Collects lines and shows them a few times a second, so that a chatty engine does not hold up the rest. */
export class LineBatches {
    private readonly lines: string[] = [];
    private rest = Buffer.alloc(0);
    private last: string | undefined;
    private skipped = 0;
    private timer: NodeJS.Timeout | undefined;
    private shown: Promise<void> = Promise.resolve();

    constructor(
        private readonly mask: Mask,
        private readonly show: (lines: string) => Promise<void>,
    ) {}

    add(chunk: Buffer): void {
        const text = Buffer.concat([this.rest, chunk]);
        // A line without an end, such as a progress bar, is shown in pieces.
        const end = text.length > longestLine ? text.length : text.lastIndexOf(0x0a) + 1;
        this.rest = text.subarray(end);
        if (end > 0) {
            this.lines.push(
                ...this.mask
                    .apply(text.toString("utf8", 0, end))
                    .replace(/\n$/, "")
                    .split("\n"),
            );
        }
        this.trim();
        this.timer ??= setTimeout(() => this.hand(), batchMs);
    }

    catchUp(tail: string): void {
        const lines = tail === "" ? [] : tail.replace(/\n$/, "").split("\n");
        const last = this.lines.at(-1) ?? this.last;
        this.lines.push(...lines.slice(last === undefined ? 0 : lines.lastIndexOf(last) + 1));
        this.trim();
    }

    private trim(): void {
        const surplus = this.lines.length - mostLinesPerBatch;
        if (surplus > 0) {
            this.lines.splice(0, surplus);
            this.skipped += surplus;
        }
    }

    flush(): Promise<void> {
        clearTimeout(this.timer);
        if (this.rest.length > 0) {
            this.lines.push(this.mask.apply(this.rest.toString("utf8")));
            this.rest = Buffer.alloc(0);
        }
        this.hand();
        return this.shown;
    }

    private hand(): void {
        this.timer = undefined;
        const note = this.skipped === 0 ? [] : [`(${this.skipped} lines are not shown)`];
        this.last = this.lines.at(-1) ?? this.last;
        const batch = [...note, ...this.lines.splice(0)];
        this.skipped = 0;
        if (batch.length > 0) {
            this.shown = this.shown.then(() => this.show(batch.join("\n")));
        }
    }
}

const flushMs = 2000;

/** An engine's output while it runs. */
export interface Following {
    /** Settles when the output has ended and every line was handed over, or when nothing has come for so long. */
    drained(idleMs: number): Promise<void>;
    /** Hands over the lines at the end of the output that have not come: a daemon may end a stream before its last lines. */
    catchUp(tail: string): void;
    /** Ends it at once, and settles when every line so far was handed over. */
    stop(): Promise<void>;
}

/** Hands over a text line by line, in small batches and without secrets. */
export function followText(source: Source, mask: Mask, show: (lines: string) => Promise<void>): Following {
    const lines = new LineBatches(mask, show);
    let received = 0;
    source.text.on("data", (chunk: Buffer) => {
        received += chunk.length;
        lines.add(chunk);
    });
    const ended = source.ended.then(() => lines.flush());
    const drained = async (idleMs: number) => {
        for (let before = -1; before !== received;) {
            before = received;
            if (
                await within(
                    idleMs,
                    ended.then(() => true),
                )
            ) {
                return;
            }
        }
    };
    const stop = async () => {
        source.end();
        await ended;
        await lines.flush();
    };
    return { drained, catchUp: (tail) => lines.catchUp(tail), stop };
}

/** The outputs that are followed, until all watching ends. */
export class Followings {
    private readonly open: { key: string; following: Following }[] = [];
    private closed = false;

    keep(key: string, following: Following): void {
        if (this.closed) {
            void following.stop();
        } else {
            this.open.push({ key, following });
        }
    }

    /** Shows what engines that have ended printed last, and ends all following. */
    async close(host: EngineHost): Promise<void> {
        this.closed = true;
        const ending = this.open.splice(0).map(async ({ key, following }) => {
            const seen = await host.inspect(key).catch(() => undefined);
            if (seen !== undefined && seen.status !== Status.Running) {
                await following.drained(flushMs);
                following.catchUp((await host.readTail(key)) ?? "");
            }
            await within(flushMs, following.stop());
        });
        await Promise.all(ending);
    }
}
