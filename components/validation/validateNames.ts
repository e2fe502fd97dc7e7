import { WorkerGroupSpec } from "../model/args";
import { Problem, show } from "../model/errors";
import { that } from "./checkObject";
import { CrossCheck } from "./crossCheck";
import { groupPath } from "./enginePlaces";

/** With `-worker-10000` and what Kubernetes appends, a name stays within the 63 characters of a label. */
const longestName = 40;
const longestGroupName = 20;
const longestTogether = longestName + "worker".length;

/** What is wrong with the name of a session. */
export function validateName(name: unknown): Problem[] {
    const length = typeof name === "string" ? ` (${name.length} characters)` : "";
    const isName = typeof name === "string" && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= longestName;
    const allowed = `at most ${longestName} lower-case letters, digits and -, starting with a letter and not ending with -`;
    return isName ? [] : [{ path: "name", reason: `${show(name)}${length} is not ${allowed}` }];
}

/** The names of engines, and of the groups that have a part of the arguments to themselves. */
const takenNames = ["master", "worker", "workers"];

/** The name of a group, which is no engine's: `a-1` is the first engine of the group `a`. */
export const groupName = that(
    (value) =>
        typeof value === "string" &&
        /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(value) &&
        value.length <= longestGroupName &&
        !/-\d+$/.test(value) &&
        !takenNames.includes(value),
    `at most ${longestGroupName} lower-case letters, digits and -, starting with a letter, not ending with - or with - and a number, and none of ${takenNames.join(", ")}`,
);

/** What the names of groups must be beside each other and beside the name of their session. */
export function groupNameChecks(session: string, groups: readonly WorkerGroupSpec[]): CrossCheck[] {
    return groups.flatMap(({ name }, index) => {
        const path = `${groupPath(index)}.name`;
        const others = groups.slice(0, index).map((other) => other.name);
        return [
            { reads: [path], problemsOf: () => validateTwice(path, name, others) },
            { reads: [path, "name"], problemsOf: () => validateLength(path, name, session) },
        ];
    });
}

function validateTwice(path: string, name: string, others: string[]): Problem[] {
    const reason = `${show(name)} is the name of another group; give each group a name of its own`;
    return others.includes(name) ? [{ path, reason }] : [];
}

function validateLength(path: string, name: string, session: string): Problem[] {
    const length = session.length + name.length;
    const reason = `${show(name)} and the session's name ${show(session)} have ${length} characters together; at most ${longestTogether}: choose a shorter one`;
    return length > longestTogether ? [{ path, reason }] : [];
}
