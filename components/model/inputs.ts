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
