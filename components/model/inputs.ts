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
