import * as pulumi from "@pulumi/pulumi";
import { isLater } from "./inputs";
import { Templated } from "./plan";

/**
 * The secret values in the environment of an engine that exists, so that its output can be shown without them. A value that is unknown,
 * as in a preview, is in no environment yet.
 */
export async function secretValuesOf({ template: { env } }: Templated): Promise<string[]> {
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
