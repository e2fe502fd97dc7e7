import { Problem, show } from "../model/errors";
import { isReserved } from "../model/environment";
import { isLater } from "../model/inputs";

/** Says what is wrong with a value; nothing when it is fine. */
export type Check = (path: string, value: unknown) => Problem[];

const minimumMemoryMib = 6;

function problem(path: string, reason: string): Problem[] {
    return [{ path, reason }];
}

/** A number within bounds. */
export function number(bounds: { least: number; most?: number; whole?: boolean; allowed: string }): Check {
    return (path, value) => {
        const fits =
            typeof value === "number" &&
            Number.isFinite(value) &&
            value >= bounds.least &&
            value <= (bounds.most ?? Number.MAX_SAFE_INTEGER) &&
            (!bounds.whole || Number.isInteger(value));
        return fits ? [] : problem(path, `${show(value)} is not ${bounds.allowed}`);
    };
}

/** One of the words of a closed set. */
export function oneOf(words: readonly string[]): Check {
    return (path, value) =>
        words.includes(value as string)
            ? []
            : problem(path, `${show(value)} is not one of ${words.map(show).join(", ")}`);
}

/** A text with something in it. */
export const text: Check = (path, value) =>
    typeof value === "string" && value.trim() !== ""
        ? []
        : problem(path, `${show(value)} is not a text with something in it`);

/** How long to wait. */
export const seconds = number({
    least: 0,
    most: 31_536_000,
    allowed: "a number of seconds from 0 (no limit) to 31536000",
});

/** Cores. */
export const cpu = number({ least: 0.01, most: 10_000, allowed: "a number of cores from 0.01 to 10000" });

/** GiB, no less than the 6 MiB below which Docker refuses to start a container. */
export const memory = number({
    least: minimumMemoryMib / 1024,
    most: 1_000_000,
    allowed: `a number of GiB from ${minimumMemoryMib}/1024 (${minimumMemoryMib} MiB) to 1000000`,
});

/** A list of ports, none of them twice. */
export const ports: Check = (path, value) => {
    if (!Array.isArray(value)) {
        return problem(path, `${show(value)} is not a list of ports`);
    }
    return value.flatMap((port, index) => [
        ...portNumber(`${path}[${index}]`, port),
        ...(value.slice(0, index).includes(port)
            ? problem(`${path}[${index}]`, `${show(port)} is there already; give each port once`)
            : []),
    ]);
};

/** A TCP port. */
export const portNumber = number({ least: 1, most: 65_535, whole: true, allowed: "a port from 1 to 65535" });

/** A program and its arguments. */
export const command: Check = (path, value) => {
    if (!Array.isArray(value) || value.length === 0) {
        return problem(path, `${show(value)} is not a list with a program and its arguments`);
    }
    return value.flatMap((part, index) =>
        // The Docker provider fails on an empty argument after it has created other resources.
        isLater(part) || (typeof part === "string" && part !== "")
            ? []
            : problem(`${path}[${index}]`, `${show(part)} is not a text with something in it`),
    );
};

/** Names and values of an environment. */
export const environment: Check = (path, value) => {
    if (!isObject(value)) {
        return problem(path, `${show(value)} is not a set of names and values`);
    }
    return Object.entries(value).flatMap(([name, content]) => [
        ...environmentName(`${path}.${name}`, name),
        ...(isLater(content) ? [] : variableValue(`${path}.${name}`, content)),
    ]);
};

/** The value of a variable. */
export const variableValue: Check = (path, value) =>
    typeof value === "string" ? [] : problem(path, `${show(value)} is not a text; quote it`);

function environmentName(path: string, name: string): Problem[] {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        return problem(path, `${show(name)} is not a name of letters, digits and _ that starts with a letter or _`);
    }
    return isReserved(name) ? problem(path, `${show(name)} is set by the session itself; choose another name`) : [];
}

/** An object with properties. */
export const object: Check = (path, value) =>
    isObject(value) ? [] : problem(path || "args", `${show(value)} is not an object`);

function isObject(value: unknown): value is object {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The properties of an object, none of them unknown. */
export function known(names: readonly string[]): Check {
    return (path, value) => {
        if (!isObject(value)) {
            return object(path, value);
        }
        const prefix = path === "" ? "" : `${path}.`;
        return Object.keys(value)
            .filter((name) => !names.includes(name))
            .flatMap((name) => problem(`${prefix}${name}`, `there is no such property; there are ${names.join(", ")}`));
    };
}

/** Yes or no. */
export const boolean: Check = (path, value) =>
    typeof value === "boolean" ? [] : problem(path, `${show(value)} is not true or false`);

/** A list of anything. */
export const list: Check = (path, value) => (Array.isArray(value) ? [] : problem(path, `${show(value)} is not a list`));

/** The name of a namespace (RFC 1123). */
export const namespaceName: Check = (path, value) =>
    typeof value === "string" && value.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)
        ? []
        : problem(path, `${show(value)} is not a name of at most 63 lower-case letters, digits and -`);

/** The name of a claim or another object of a cluster (RFC 1123). */
export const resourceName: Check = (path, value) =>
    typeof value === "string" && value.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value)
        ? []
        : problem(path, `${show(value)} is not a name of at most 253 lower-case letters, digits, - and .`);

/** Labels of a cluster's objects: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
export const labels: Check = (path, value) =>
    isObject(value)
        ? Object.entries(value).flatMap(([name, content]) => [
              ...labelName(path, name),
              ...labelValue(path, name, content),
          ])
        : problem(path, `${show(value)} is not a set of names and values`);

/** Annotations of a cluster's objects. */
export const annotations: Check = (path, value) =>
    isObject(value)
        ? Object.entries(value).flatMap(([name, content]) => [
              ...labelName(path, name),
              ...(isLater(content) || typeof content === "string"
                  ? []
                  : problem(`${path}["${name}"]`, `${show(content)} is not a text; quote it`)),
          ])
        : problem(path, `${show(value)} is not a set of names and values`);

function labelName(path: string, name: string): Problem[] {
    const [last, prefix, ...rest] = name.split("/").reverse();
    const fits =
        rest.length === 0 &&
        /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(last!) &&
        (prefix === undefined || /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(prefix));
    if (!fits) {
        return problem(
            `${path}["${name}"]`,
            `${show(name)} is not a name as Kubernetes takes it, such as "example.com/team"`,
        );
    }
    const isOurs = prefix === "app.kubernetes.io" || name.startsWith("distributed-session.") || prefix === "pulumi.com";
    return isOurs
        ? problem(`${path}["${name}"]`, `${show(name)} is set by the session itself; choose another name`)
        : [];
}

function labelValue(path: string, name: string, value: unknown): Problem[] {
    const fits = typeof value === "string" && /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value);
    return isLater(value) || fits
        ? []
        : problem(
              `${path}["${name}"]`,
              `${show(value)} is not a label's value: at most 63 letters, digits, -, _ and .`,
          );
}

/** Checks a value that is needed at once, if it is given. */
export function plain(check: Check, path: string, value: unknown): Problem[] {
    if (value === undefined) {
        return [];
    }
    return isLater(value)
        ? problem(path, "comes from another resource, and a plain value is needed here")
        : check(path, value);
}

/** Checks a value that must be given, and at once. */
export function needed(check: Check, path: string, value: unknown): Problem[] {
    return value === undefined ? check(path, value) : plain(check, path, value);
}

/** Checks a value that may come later, if it is given and there. */
export function given(check: Check, path: string, value: unknown): Problem[] {
    return value === undefined || isLater(value) ? [] : check(path, value);
}
