import { posix } from "path";
import { show as showValue } from "../model/errors";
import { isReserved } from "../model/reservedNames";
import { Check, Show, later, listOf, pathOf, required, that } from "./checkObject";

const minimumMemoryMib = 6;

/** A number within bounds. */
export function number(bounds: { least: number; most?: number; whole?: boolean; expected: string }): Check {
    const { least, most = Number.MAX_SAFE_INTEGER, whole = false, expected } = bounds;
    const fits = (value: unknown) =>
        typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
    return that(fits, expected);
}

/** One of the words of a closed set. */
export function oneOf(words: readonly string[]): Check {
    return that((value) => words.includes(value as string), `one of ${words.map(showValue).join(", ")}`);
}

function isText(value: unknown): value is string {
    return typeof value === "string" && value.trim() !== "";
}

/** A string that UTF-8 can hold. On another one, the SDK fails without its text after it has taken a minute and 3 GB. */
function encodable(check: Check): Check {
    const isWhole = that(
        (value) => !/\p{Surrogate}/u.test(value as string),
        "valid Unicode: it has half a surrogate pair",
    );
    return (path, value, show) => {
        const problems = check(path, value, show);
        return problems.length > 0 ? problems : isWhole(path, value, show);
    };
}

/** Linux gives no longer argument or variable to a program, with the NUL at its end, and no more of all of them together. */
const mostBytes = 128 * 1024 - 1;
const mostBytesTogether = 2_000_000;
const remedy = "put it into a file of project";

/** A string that Linux can give to a program as an argument. `before` is what stands before it, such as a variable's name. */
function executable(check: Check, before = ""): Check {
    return (path, value, show) => {
        const problems = encodable(check)(path, value, show);
        if (problems.length > 0) {
            return problems;
        }
        const bytes = Buffer.byteLength(before + (value as string));
        return [
            ...((value as string).includes("\0") ? [{ path, reason: "has a NUL character, which ends a string" }] : []),
            ...(bytes > mostBytes ? [{ path, reason: `has ${bytes} bytes; at most ${mostBytes}: ${remedy}` }] : []),
        ];
    };
}

/** What is wrong with the size of strings together. */
function tooMuch(path: string, strings: unknown[]): ReturnType<Check> {
    const bytes = strings.reduce<number>(
        (sum, each) => sum + (typeof each === "string" ? Buffer.byteLength(each) + 1 : 0),
        0,
    );
    const reason = `has ${bytes} bytes together; at most ${mostBytesTogether}: ${remedy}`;
    return bytes > mostBytesTogether ? [{ path, reason }] : [];
}

/** A string that is more than blanks. */
export const text = encodable(that(isText, "a non-empty string"));

/** The source text of a program, which a kernel gets as an argument. */
export const code = executable(that(isText, "a non-empty string"));

/** Of a longer one, `Rscript -e` prints a warning, runs nothing, and ends with 0. */
const mostBytesOfR = 9000;

/** Source text in R. */
export const rCode: Check = (path, value, show) => {
    const problems = code(path, value, show);
    const bytes = problems.length > 0 ? 0 : Buffer.byteLength(value as string);
    const reason = `has ${bytes} bytes, and Rscript takes at most ${mostBytesOfR} of code: use a script`;
    return bytes > mostBytesOfR ? [{ path, reason }] : problems;
};

/** The path of a script. */
export const scriptPath = that(isText, "the path of a file in the project folder");

const anyString = that((value) => typeof value === "string", "a string; quote it");

/** Any string. */
export const string = executable(anyString);

/** Yes or no. */
export const boolean = that((value) => typeof value === "boolean", "true or false");

/** A list of anything. */
export const list = that(Array.isArray, "a list");

/** How long to wait. */
export const seconds = number({
    least: 0,
    most: 31_536_000,
    expected: "a number of seconds from 0 (no limit) to 31536000",
});

/** Cores. */
export const cpu = number({ least: 0.01, most: 10_000, expected: "a number of cores from 0.01 to 10000" });

/** GiB, no less than the 6 MiB below which Docker refuses to start a container. */
export const memory = number({
    least: minimumMemoryMib / 1024,
    most: 1_000_000,
    expected: `a number of GiB from ${minimumMemoryMib}/1024 (${minimumMemoryMib} MiB) to 1000000`,
});

/** GiB of a disk. */
export const disk = number({
    least: 1 / 1024,
    most: 1_000_000,
    expected: "a number of GiB from 1/1024 (1 MiB) to 1000000",
});

/** A TCP port. */
export const portNumber = number({ least: 1, most: 65_535, whole: true, expected: "a port from 1 to 65535" });

/** A list of ports, none of them twice. */
export const ports: Check = (path, value) => {
    const seen = new Set<unknown>();
    const port: Check = (at, each) => {
        const reason = `${showValue(each)} is listed twice; list each port once`;
        const problems = [...required(portNumber)(at, each), ...(seen.has(each) ? [{ path: at, reason }] : [])];
        seen.add(each);
        return problems;
    };
    return listOf(port, "a list of ports")(path, value);
};

// https://github.com/distribution/reference/blob/main/reference.go, a host being any name before the first slash.
const imageReference =
    /^((\[[0-9A-Fa-f:]+\]|[0-9A-Za-z][-.0-9A-Za-z]*)(:[0-9]+)?\/)?[0-9a-z]+([._-]+[0-9a-z]+)*(\/[0-9a-z]+([._-]+[0-9a-z]+)*)*(:\w[-.\w]{0,127})?(@[A-Za-z][+._A-Za-z0-9-]*:[0-9A-Fa-f]{32,})?$/;

/** The name of an image. */
export const image = that(
    (value) => typeof value === "string" && value.length <= 500 && imageReference.test(value),
    'an image reference, such as "python:3.12"',
);

/** A program and its arguments. */
export const command: Check = (path, value, show) => {
    const expected = "a list with a program and its arguments";
    return Array.isArray(value) && value.length === 0
        ? that(() => false, expected)(path, value, show)
        : [
              ...listOf(later(argument), expected)(path, value, show),
              ...tooMuch(path, Array.isArray(value) ? value : []),
          ];
};

/** An argument; the Docker provider fails on an empty one, after it has created other resources. */
const argument = executable(that((value) => typeof value === "string" && value !== "", "a non-empty string"));

/** The names and values of an object that has no class: a Map or an object with getters would count as empty. */
function isRecord(value: unknown): value is Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return false;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** An object of names and values. */
export function recordOf(entry: (path: string, name: string, value: unknown, show: Show) => ReturnType<Check>): Check {
    return (path, value, show = showValue) =>
        isRecord(value)
            ? Object.entries(value).flatMap(([name, content]) => entry(path, name, content, show))
            : that(() => false, "a plain object of names and values")(path, value, show);
}

/** The name of a variable, or its beginning. */
export const variableName = that(
    (name) => typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
    "a name of letters, digits and _ that starts with a letter or _",
);

/** Names and values of an environment. */
export const environment: Check = (path, value, show) => [
    ...variables(path, value, show),
    ...tooMuch(path, isRecord(value) ? Object.entries(value).flat() : []),
];

const variables = recordOf((path, name, value, show) => {
    const own = pathOf(path, name);
    const malformed = variableName(own, name, show);
    const at = malformed.length > 0 && show !== showValue ? path : own;
    const reserved = `${showValue(name)} is set by the session itself; choose another name`;
    return [
        ...malformed.map(({ reason }) => ({ path: at, reason })),
        ...(isReserved(name) ? [{ path: at, reason: reserved }] : []),
        ...later(executable(anyString, `${name}=`))(at, value, show),
    ];
});

/** The name of a claim or another object of a cluster, or of a domain (RFC 1123). */
export const resourceName = that(
    (value) => typeof value === "string" && value.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value),
    "a name of at most 253 lower-case letters, digits, - and .",
);

/** Whether a value is the absolute path of a folder below `/`. */
export function isFolderPath(value: unknown): value is string {
    // A mount on Kubernetes takes no colon.
    return (
        typeof value === "string" &&
        /^\/[^\p{Cc}:]{1,1000}$/u.test(value) &&
        !value.endsWith("/") &&
        posix.normalize(value) === value
    );
}
