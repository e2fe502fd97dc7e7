import { Status } from "../model/outputs";
import { secretValuesOf } from "../model/inputs";
import { CreatedEngine, EngineHost, Source } from "./runtime";
import { within } from "./time";

/** How much of the end of an output is kept. */
export const tailLines = 200;
const tailBytes = 16 * 1024;

/** The end of a text that is kept: from a whole line on, or the end of the last line where that alone is longer. */
export function tailOf(text: string): string {
    const bytes = Buffer.from(text);
    if (bytes.length <= tailBytes) {
        return text;
    }
    // A character that is cut becomes one or more replacement characters.
    const end = bytes
        .subarray(-tailBytes)
        .toString("utf8")
        .replace(/^\ufffd+/, "");
    const lines = end.replace(/^[^\n]*\n/, "");
    return lines.trim() === "" ? end : lines;
}

const shown = "[secret]";
/** Pulumi hides nothing shorter either: a digit or two are in every text. */
const shortest = 3;

/** Colours and other orders to a terminal: an output is also read from files and from the stack's outputs. */
function withoutColours(text: string): string {
    // eslint-disable-next-line no-control-regex -- They begin with the control character ESC.
    return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
}

/** Hides secrets in what engines print. */
export class Mask {
    private readonly secrets = new Set<string>();
    private readonly seen = new Set<unknown>();

    /** Hides the secrets that an engine was given from now on. */
    async learn({ engine }: CreatedEngine): Promise<void> {
        // All workers of a group have the same environment of the user's.
        if (!this.seen.has(engine.template.env)) {
            this.seen.add(engine.template.env);
            this.hide(await secretValuesOf(engine.template.env));
        }
    }

    hide(values: string[]): void {
        // Output is shown line by line, and so is a secret of many lines.
        const lines = values.flatMap((value) => value.split(/\r?\n/));
        lines.filter((line) => line.trim().length >= shortest).forEach((line) => this.secrets.add(line));
    }

    /** The text without secrets, and without colours that might part one. The longest go first, as one may be part of another. */
    apply(text: string): string {
        return [...this.secrets]
            .sort((one, other) => other.length - one.length)
            .reduce((masked, secret) => masked.replaceAll(secret, shown), withoutColours(text));
    }

    /** How much of a text may be shown before the rest has come: no secret lies across its end. */
    safeEnd(text: Buffer): number {
        const secrets = [...this.secrets].map((secret) => Buffer.from(secret));
        let end = text.length - Math.max(0, ...secrets.map(({ length }) => length - 1));
        for (let before = -1; before !== end && end > 0;) {
            before = end;
            for (const secret of secrets) {
                const at = text.lastIndexOf(secret, end - 1);
                end = at >= 0 && at + secret.length > end ? at : end;
            }
        }
        return Math.max(end, 0);
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

/** The lines of a text. A progress bar goes back to the beginning of its line: each of its states is a line. */
function linesOf(text: string): string[] {
    const inner = text.replace(/^\r+(?!\n)/, "").replace(/(\r*\n|\r+)$/, "");
    return text.replace(/^\r+/, "") === "" ? [] : inner.split(/\r*\n|\r+/);
}

/** Whether a line is the other one or, where it is long, the end of it. */
function isSame(one: string, other: string): boolean {
    const isLong = Math.max(one.length, other.length) * 4 > tailBytes;
    return one === other || (isLong && one !== "" && other !== "" && (one.endsWith(other) || other.endsWith(one)));
}

/** Where the lines of a text end. A line that is too long is cut. */
function endOfLines(text: Buffer, mask: Mask): number {
    // The last byte may be half of a line's end.
    const end = Math.max(text.lastIndexOf(0x0a), text.lastIndexOf(0x0d, -2)) + 1;
    return text.length - end > longestLine ? Math.max(end, mask.safeEnd(text)) : end;
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
        const end = endOfLines(text, this.mask);
        this.rest = text.subarray(end);
        if (end > 0) {
            this.lines.push(...linesOf(this.mask.apply(text.toString("utf8", 0, end))));
        }
        this.trim();
        this.timer ??= setTimeout(() => this.hand(), batchMs);
    }

    /** Adds the lines of the end of the output that are missing. */
    catchUp(tail: string): void {
        const lines = linesOf(tail);
        const last = this.lines.at(-1) ?? this.last;
        const missing = lines.slice(last === undefined ? 0 : lines.findLastIndex((line) => isSame(line, last)) + 1);
        if (missing.length > 0) {
            // The tail has the line whose end was awaited.
            this.rest = Buffer.alloc(0);
        }
        this.lines.push(...missing);
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
            this.lines.push(...linesOf(this.mask.apply(this.rest.toString("utf8"))));
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
