import { label } from "../model/labels";
import { uidIn } from "./generation";

/** A session as the owner of things on a host. */
export interface Owner {
    /** `<project>/<stack>/<name>`, which sessions of other states may have too. */
    name: string;
    /** What its state alone has; undefined where the state has none yet. */
    uid?: string;
}

type Labels = Record<string, string> | null | undefined;

/** Whether something is a session's. What an earlier release created says no uid, and its name decides. */
export function owns({ name, uid }: Owner, labels: Labels): boolean {
    const found = uidOf(labels);
    return labels?.[label.session] === name && (found === undefined || found === uid);
}

/** Whether something is a session's for certain, so that the session may remove it. */
export function surelyOwns(owner: Owner, labels: Labels): boolean {
    return owns(owner, labels) && uidOf(labels) !== undefined;
}

function uidOf(labels: Labels): string | undefined {
    return uidIn(labels?.[label.generation] ?? "");
}
