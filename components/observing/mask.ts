import { secretValuesOf } from "../secretValues";
import { CreatedEngine } from "./watch";

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
        if (!this.seen.has(engine.environment.own)) {
            this.seen.add(engine.environment.own);
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
