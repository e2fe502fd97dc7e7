import * as pulumi from "@pulumi/pulumi";
import * as crypto from "crypto";
import { identityOf, label } from "../model/labels";
import { EngineTemplate, Plan, Templated } from "../model/plan";

const longestValue = 63;

/** The label that says what of a session an object is for. */
export const componentLabel = "app.kubernetes.io/component";

/** What the objects are for that make ports of the master reachable. */
export const publishedComponent = "published";

/** Which session it is, as a label's value may say it: `<project>.<stack>.<name>`. */
export function sessionValue(plan: Plan): string {
    // A project may be called `_x`, and a label's value starts with a letter or a digit.
    const value = identityOf(plan.name)
        .replace(/[^-A-Za-z0-9._]/g, ".")
        .replace(/^[^A-Za-z0-9]+/, "");
    if (value.length <= longestValue) {
        return value;
    }
    const hash = crypto.createHash("sha256").update(value).digest("hex").slice(0, 8);
    return `${value.slice(0, longestValue - 9)}.${hash}`;
}

/** The labels that everything of a session carries, in the convention of Kubernetes and in the session's own words. */
export function sessionLabels(plan: Plan, component: string): Record<string, string> {
    return {
        "app.kubernetes.io/name": "distributed-session",
        "app.kubernetes.io/instance": plan.name,
        [componentLabel]: component,
        "app.kubernetes.io/managed-by": "pulumi",
        [label.session]: sessionValue(plan),
    };
}

/** What of a session an engine is for: its group, where it is none of `workers`. */
export function componentOf({ role, group }: EngineTemplate): string {
    return group ?? role;
}

/** The labels of an engine. Where one object holds all workers of a group, they share no rank. */
export function engineLabels(plan: Plan, { template, rank }: Templated): Record<string, string> {
    const { role, group } = template;
    return {
        ...sessionLabels(plan, componentOf(template)),
        [label.role]: role,
        ...(rank === undefined ? {} : { [label.rank]: String(rank) }),
        ...(group === undefined ? {} : { [label.group]: group }),
    };
}

/** Where Pulumi finds the token of an object: a change of it forces replacement. */
export const tokenPath = `metadata.annotations["${label.generation}"]`;

/** The annotation with the token of an object. */
export function renderToken(token: pulumi.Input<string>): Record<string, pulumi.Input<string>> {
    return { [label.generation]: token };
}

/** The same for objects that had no token in earlier releases: an empty one is left out, so that those stay as they are. */
export function renderNewToken(token: pulumi.Input<string>): pulumi.Output<Record<string, string>> {
    return pulumi
        .output(token)
        .apply((value): Record<string, string> => (value === "" ? {} : { [label.generation]: value }));
}

/** The token of an object in the cluster. */
export function tokenIn(metadata: { annotations?: Record<string, string> } | undefined): string {
    return metadata?.annotations?.[label.generation] ?? "";
}
