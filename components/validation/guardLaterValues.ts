import * as pulumi from "@pulumi/pulumi";
import { DistributedSessionArgs, EngineSpec } from "../model/args";
import { SessionError, describeProblems } from "../model/errors";
import { isLater } from "../model/inputs";
import { Check, variableValue as isText } from "./checks";
import { laterChecks, laterProperties } from "./validate";

/** Whether a value comes later, as a whole or in one of its parts. */
function holdsLater(value: unknown): boolean {
    const isWhole = typeof value !== "object" || value === null || isLater(value);
    return isWhole ? isLater(value) : Object.values(value).some(isLater);
}

/**
 * The arguments with a check in front of every value that comes from another resource: what uses such a value gets it only when
 * it is fine, and the error of a value that is not names the property.
 */
export function guardLaterValues(
    args: DistributedSessionArgs,
    subject: string,
    resource: pulumi.Resource,
): DistributedSessionArgs {
    const guardValue = (path: string, input: unknown, check: Check): unknown => {
        const later = pulumi.output<unknown>(input) as pulumi.Output<unknown>;
        return later.apply((value) => {
            const problems = check(path, value);
            if (problems.length > 0) {
                throw new SessionError(describeProblems(subject, problems), resource);
            }
            return value;
        });
    };
    /** Variables that come later do so one by one: that one of them is unknown makes no other unknown. */
    const guardVariables = (path: string, env: Record<string, unknown>): Record<string, unknown> =>
        Object.fromEntries(
            Object.entries(env).map(([name, value]) => [
                name,
                isLater(value) ? guardValue(`${path}.${name}`, value, isText) : value,
            ]),
        );
    const guard = <Spec extends EngineSpec>(path: string, spec: Spec): Spec => {
        const values = spec as Record<keyof EngineSpec, unknown>;
        const guarded = laterProperties
            .filter((property) => holdsLater(values[property]))
            .map((property) => {
                const [place, value] = [`${path}.${property}`, values[property]];
                return property === "env" && !isLater(value)
                    ? [property, guardVariables(place, value as Record<string, unknown>)]
                    : [property, guardValue(place, value, laterChecks[property])];
            });
        return { ...spec, ...(Object.fromEntries(guarded) as Partial<Spec>) };
    };
    return { ...args, master: guard("master", args.master), workers: guard("workers", args.workers) };
}
