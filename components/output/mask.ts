import { secretValuesOf } from "../model/inputs";
import { CreatedEngine, EngineHost } from "../observing/runtime";
import { tailOf } from "./tail";

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
