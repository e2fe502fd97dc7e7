import * as pulumi from "@pulumi/pulumi";
import { isLater } from "./inputs";
import { PlannedEngine } from "./plan";

/**
 * The secret values in the environment of an engine that exists, so that its output can be shown without them. A value that is unknown,
 * as in a preview, is in no environment yet.
 */
export async function secretValuesOf({ environment }: PlannedEngine): Promise<string[]> {
    const { own } = environment;
    const later = isLater(own) ? [own] : Object.values(own).filter(isLater);
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
