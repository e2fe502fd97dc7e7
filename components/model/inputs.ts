import * as pulumi from "@pulumi/pulumi";

/** Whether a value is there only later: an output of a resource, or a promise. */
export function isLater(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Applies `f` at once to a value that is there, and in an `apply` to one that comes later. */
export function map<T, U>(input: pulumi.Input<T>, f: (value: T) => U): pulumi.Input<U> {
    if (!isLater(input)) {
        return f(input);
    }
    return pulumi.all([input as pulumi.Input<unknown>]).apply(([value]) => f(value as T));
}

type Environment = pulumi.Input<Record<string, pulumi.Input<string>>>;

/**
 * The secret values in the environment of an engine that exists, so that its output can be shown without them. A value that is unknown,
 * as in a preview, is in no environment yet.
 */
export async function secretValuesOf(env: Environment): Promise<string[]> {
    const later = isLater(env) ? [env] : Object.values(env).filter(isLater);
    const values = await Promise.all(later.map(secretTexts));
    return values.flat();
}

async function secretTexts(later: pulumi.Input<unknown>): Promise<string[]> {
    const value = pulumi.output(later) as pulumi.Output<unknown> & { isKnown: Promise<boolean> };
    if (!(await pulumi.isSecret(value)) || !(await value.isKnown)) {
        return [];
    }
    const known = await new Promise<unknown>((resolve) => value.apply(resolve));
    return typeof known === "string" ? [known] : Object.values(known as Record<string, string>);
}

/**
 * The secret texts in the command of an engine: its secret arguments, and the words in them that may be a password or a token. Of a command
 * or code that is secret as a whole only these words, because `python3` and `import os` are no secrets.
 */
export async function secretPartsOf(command: pulumi.Input<pulumi.Input<string>[]>): Promise<string[]> {
    if (isLater(command)) {
        return (await secretTexts(command)).flatMap(wordsIn);
    }
    const texts = (await Promise.all(command.filter(isLater).map(secretTexts))).flat();
    return texts.flatMap((text) => [text, ...wordsIn(text)]);
}

/** The words that are as long as a password, with letters and digits: others are everywhere. */
function wordsIn(text: string): string[] {
    const words = text.split(/[\s"'`=,;()[\]{}]+/);
    return words.filter((word) => word.length >= 8 && /[A-Za-z]/.test(word) && /\d/.test(word));
}
