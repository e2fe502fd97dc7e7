import { Problem, show as showValue } from "../model/errors";
import { isLater } from "../model/inputs";

/** How a value is shown in a text. */
export type Show = (value: unknown) => string;

/** Returns what is wrong with a value; nothing when it is fine. `show` hides the value where it is a secret. */
export type Check = (path: string, value: unknown, show?: Show) => Problem[];

/** A check of a value as a whole. */
export function that(fits: (value: unknown) => boolean, expected: string): Check {
    return (path, value, show = showValue) =>
        fits(value) ? [] : [{ path, reason: `${show(value)} is not ${expected}` }];
}

const mustBePlain = "must be a plain value, not an Output or a Promise";

/** A value that is needed at once. */
export function required(check: Check): Check {
    return (path, value, show) => (isLater(value) ? [{ path, reason: mustBePlain }] : check(path, value, show));
}

/** A value that is needed at once if it is given. */
export function optional(check: Check): Check {
    return (path, value, show) => (value === undefined ? [] : required(check)(path, value, show));
}

/** A value that may come later: it is checked if it is there already. */
export function later(check: Check): Check {
    return (path, value, show) => (isLater(value) ? [] : check(path, value, show));
}

/** The same of a value that may be left out. */
export function optionalLater(check: Check): Check {
    return (path, value, show) => (value === undefined ? [] : later(check)(path, value, show));
}

/** A list, with a check for each of its elements. */
export function listOf(check: Check, expected: string): Check {
    return (path, value, show = showValue) =>
        Array.isArray(value)
            ? // Array.from sees the holes of a list.
              Array.from(value as unknown[]).flatMap((each, index) => check(`${path}[${index}]`, each, show))
            : that(() => false, expected)(path, value, show);
}

/** Whether a value may have properties. */
export function isObject(value: unknown): value is object {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with properties. */
export const object = that(isObject, "an object");

/** The path of a property, which may have any name: one that is empty or has blanks is quoted, and stays on its line. */
export function pathOf(path: string, name: string): string {
    if (!/^[^\s\p{C}]+$/u.test(name)) {
        return `${path}[${JSON.stringify(name)}]`;
    }
    return path === "" ? name : `${path}.${name}`;
}

/** Where a property of an earlier release is now, by its name. */
export type Moved = Readonly<Record<string, string>>;

/** Checks an object with exactly these properties: its shape, its unknown properties, and each property. */
export function checkObject(
    path: string,
    value: unknown,
    checks: Readonly<Record<string, Check>>,
    moved: Moved = {},
): Problem[] {
    const problems = required(object)(path || "args", value);
    if (problems.length > 0) {
        return problems;
    }
    const at = (name: string) => pathOf(path, name);
    const known = Object.keys(checks);
    const unknown = Object.keys(value as object).filter((name) => !known.includes(name));
    return [
        ...unknown.map((name) => ({
            path: at(name),
            reason: Object.hasOwn(moved, name)
                ? `is now ${moved[name]}; move it there`
                : `unknown property; expected one of ${known.join(", ")}`,
        })),
        ...known.flatMap((name) => checks[name]!(at(name), (value as Record<string, unknown>)[name])),
    ];
}

/** A check of an object with exactly these properties. */
export function objectOf(checks: Readonly<Record<string, Check>>, moved?: Moved): Check {
    return (path, value) => checkObject(path, value, checks, moved);
}
