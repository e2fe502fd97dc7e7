import * as pulumi from "@pulumi/pulumi";
import { DistributedSessionArgs, EngineSpec } from "../args";
import { SessionError, describeProblems } from "../errors";
import { isLater } from "../inputs";
import { laterChecks } from "./validate";

/**
 * The arguments with a check in front of every value that comes from another resource: what uses such a value gets it only when
 * it is fine, and the error of a value that is not names the property.
 */
export function guardLaterValues(
    args: DistributedSessionArgs,
    subject: string,
    resource: pulumi.Resource,
): DistributedSessionArgs {
    const guard = <Spec extends EngineSpec>(path: string, spec: Spec): Spec => {
        const later = Object.entries(laterChecks).filter(([property]) => isLater(spec[property as keyof Spec]));
        const guarded = later.map(([property, check]) => [
            property,
            pulumi.output(spec[property as keyof Spec] as unknown).apply((value) => {
                const problems = check(`${path}.${property}`, value);
                if (problems.length > 0) {
                    throw new SessionError(describeProblems(subject, problems), resource);
                }
                return value;
            }),
        ]);
        return { ...spec, ...Object.fromEntries(guarded) };
    };
    return { ...args, master: guard("master", args.master), workers: guard("workers", args.workers) };
}
