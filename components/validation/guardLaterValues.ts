import * as pulumi from "@pulumi/pulumi";
import { EngineSpec, WorkersSpec } from "../model/args";
import { CompleteArgs } from "../model/defaults";
import { SessionError, describeProblems, hide } from "../model/errors";
import { isLater } from "../model/inputs";
import { Mount, volumePlace } from "../mounts";
import { Check } from "./checkObject";
import { string } from "./checks";
import { groupPath } from "./enginePlaces";
import { laterChecksOf } from "./validate";
import { laterSourceChecks } from "./validateMounts";

/** Whose arguments are guarded, for the error of a wrong value. */
export interface Guarded {
    subject: string;
    session: pulumi.Resource;
}

/**
 * The arguments with a check in front of every value that comes from another resource: a value that is wrong reaches no resource, and its
 * error names the property.
 */
export function guardLaterValues(args: CompleteArgs, guarded: Guarded): CompleteArgs {
    const master = guardEngine("master", args.master, guarded);
    const guardWorkers = <Spec extends EngineSpec>(path: string, spec: Spec): Spec => {
        const own = guardEngine(path, spec, guarded);
        // An image that workers take from the master is the master's to check.
        return spec.image === args.master.image ? { ...own, image: master.image } : own;
    };
    return {
        ...args,
        shared: args.shared && guardSource("shared", args.shared, guarded),
        volumes: args.volumes.map((volume, index) => guardSource(volumePlace(index), volume, guarded)),
        master,
        workers: guardWorkers("workers", args.workers),
        workerGroups: args.workerGroups.map((group, index) => guardWorkers(groupPath(index), group)),
    };
}

/** What names a volume. */
function guardSource<Named extends Pick<Mount, keyof typeof laterSourceChecks>>(
    path: string,
    named: Named,
    guarded: Guarded,
): Named {
    const properties = (Object.keys(laterSourceChecks) as (keyof typeof laterSourceChecks)[])
        .filter((property) => isLater(named[property]))
        .map((property) => {
            const place = { path: `${path}.${property}`, check: laterSourceChecks[property] };
            return [property, guardValue(place, named[property], guarded)];
        });
    return { ...named, ...(Object.fromEntries(properties) as Partial<Named>) };
}

function guardEngine<Spec extends EngineSpec>(path: string, spec: Spec, guarded: Guarded): Spec {
    const values = spec as Record<keyof WorkersSpec, unknown>;
    const checks = laterChecksOf(spec);
    const properties = (Object.keys(checks) as (keyof typeof checks)[])
        .filter((property) => holdsLater(values[property]))
        .map((property) => {
            const [place, value] = [`${path}.${property}`, values[property]];
            return property === "env" && !isLater(value)
                ? [property, guardVariables(place, value as Record<string, unknown>, guarded)]
                : [property, guardValue({ path: place, check: checks[property] }, value, guarded)];
        });
    return { ...spec, ...(Object.fromEntries(properties) as Partial<Spec>) };
}

/** Variables that come later do so one by one: that one of them is unknown makes no other unknown. */
function guardVariables(path: string, env: Record<string, unknown>, guarded: Guarded): Record<string, unknown> {
    const variables = Object.entries(env).map(([name, value]) => [
        name,
        isLater(value) ? guardValue({ path: `${path}.${name}`, check: string }, value, guarded) : value,
    ]);
    return Object.fromEntries(variables) as Record<string, unknown>;
}

function guardValue(
    { path, check }: { path: string; check: Check },
    input: unknown,
    { subject, session }: Guarded,
): pulumi.Output<unknown> {
    const later = pulumi.output<unknown>(input) as pulumi.Output<unknown>;
    const refuse = async (value: unknown) => {
        const problems = (await pulumi.isSecret(later)) ? check(path, value, hide) : check(path, value);
        throw new SessionError(describeProblems(subject, problems), session);
    };
    return later.apply((value) => (check(path, value).length > 0 ? refuse(value) : value));
}

/** Whether a value comes later, as a whole or in one of its parts. */
function holdsLater(value: unknown): boolean {
    const isWhole = typeof value !== "object" || value === null || isLater(value);
    return isWhole ? isLater(value) : Object.values(value).some(isLater);
}
