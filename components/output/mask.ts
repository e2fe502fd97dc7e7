import { secretPartsOf, secretValuesOf } from "../model/inputs";
import { EngineTemplate, Plan } from "../model/plan";
import { EngineState } from "../observing/engineState";
import { CreatedEngine, EngineHost } from "../observing/runtime";
import { harmless, harmlessLines } from "./harmless";
import { readBytes } from "./end";
import { tailOf } from "./tail";

const shown = "[secret]";
/** Pulumi hides nothing shorter either: a digit or two are in every text. */
const shortest = 3;

/** Hides secrets in what engines print. */
export class Mask {
    private readonly secrets = new Set<string>();
    private readonly templates = new Map<EngineTemplate, Promise<unknown>>();

    /** Hides the secrets that an engine was given from now on. */
    async learn({ engine }: Pick<CreatedEngine, "engine">): Promise<void> {
        await this.learnTemplate(engine.template);
    }

    /** Hides the secrets of all engines as soon as they are known: an engine may print what another one has sent to it. */
    learnAll({ master, groups }: Plan): void {
        for (const { template } of [master, ...groups]) {
            // An engine whose values fail is never created.
            this.learnTemplate(template).catch(() => undefined);
        }
    }

    hide(values: string[]): void {
        // Output is shown line by line, and so is a secret of many lines.
        const lines = values.flatMap((value) => value.split(/\r?\n/));
        const forms = lines.flatMap((line) => [line, harmless(line), line.trim()]);
        forms.filter((line) => line.trim().length >= shortest).forEach((line) => this.secrets.add(line));
    }

    /** The text without secrets, and without what a terminal obeys, which might part one. */
    apply(text: string): string {
        return this.hidden(harmless(text));
    }

    /** The same of a text of whole lines. */
    applyToLines(text: string): string {
        return this.hidden(harmlessLines(text));
    }

    /** The longest go first, as one may be part of another. */
    private hidden(text: string): string {
        return [...this.secrets]
            .sort((one, other) => other.length - one.length)
            .reduce((masked, secret) => masked.replaceAll(secret, shown), text);
    }

    private async learnTemplate(template: EngineTemplate): Promise<void> {
        // All workers of a group have the same template.
        if (!this.templates.has(template)) {
            const { env, sessionKey, command, joinCheck = [] } = template;
            const ofSession = sessionKey === undefined ? [] : [sessionKey];
            const parts = [ofSession, command, joinCheck].map(secretPartsOf);
            const values = [secretValuesOf(env), ...parts];
            const learning = Promise.all(values.map(async (some) => this.hide(await some)));
            this.templates.set(template, learning);
        }
        await this.templates.get(template);
    }

    /** The end of a longer text without what may be the end of a secret at its beginning. */
    fromWhole(text: string): string {
        const ends = [...this.secrets].map((secret) => {
            const from = [...secret].findIndex((_, index) => index > 0 && text.startsWith(secret.slice(index)));
            return from < 0 ? 0 : secret.length - from;
        });
        return text.slice(Math.max(0, ...ends));
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

/** Whether a text that was read is the end of a longer one. A character that was cut is missing at its beginning. */
function isCut(text: string): boolean {
    return Buffer.byteLength(text) > readBytes - 4;
}

/** The engines of a host, with the secrets hidden in what they printed and in what is said of them. */
export function masked(host: EngineHost, mask: Mask): EngineHost {
    const maskedText = (text: string | undefined) => text && mask.applyToLines(text);
    const maskedEnd = (text: string | undefined) =>
        text === undefined ? undefined : tailOf(mask.applyToLines(isCut(text) ? mask.fromWhole(text) : text));
    const maskedState = (state: EngineState): EngineState => ({
        ...state,
        ...(state.startError && { startError: maskedText(state.startError) }),
        ...(state.takenAway && { takenAway: maskedText(state.takenAway) }),
    });
    return {
        reportLagMs: host.reportLagMs,
        inspect: async (key) => maskedState(await host.inspect(key)),
        untilStarted: async (key, signal) => maskedState(await host.untilStarted(key, signal)),
        untilEnded: async (key, signal, restarted) =>
            maskedState(await host.untilEnded(key, signal, (state) => restarted(maskedState(state)))),
        end: (key, stopSeconds) => host.end(key, stopSeconds),
        hasWorkers: () => host.hasWorkers(),
        readTail: async (key) => maskedEnd(await host.readTail(key)),
        untilJoined: (engine, signal) => host.untilJoined(engine, signal),
        readJoinCheck: async (key) => maskedEnd(await host.readJoinCheck(key)),
    };
}
