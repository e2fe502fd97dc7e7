import ignore from "@balena/dockerignore";
import * as fs from "fs";
import * as path from "path";
import { ignoreFile } from "./project";

/** Which entries of a project folder engines get. */
export interface Rules {
    ignores(file: string): boolean;
    /** Whether some entry of an ignored folder may still be included. */
    mayInclude(folder: string): boolean;
    /** Whether an exception names an entry, or a folder that it lies in. */
    asksFor(file: string): boolean;
}

/** Reads the rules of a project folder. */
export function readRules(folder: string): Rules {
    const file = path.join(folder, ignoreFile);
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (found === undefined) {
        return { ignores: () => false, mayInclude: () => true, asksFor: () => false };
    }
    if (!found.isFile()) {
        throw new Error(`${file} is not a file`);
    }
    const text = fs.readFileSync(file, "utf8");
    const rules = ignore().add(text);
    const exceptions = [...text.matchAll(/^\s*!(.*)$/gm)].map(([, pattern]) => pattern!.trim());
    const starts = exceptions.map(startOf);
    const allBut = ignore().add(["**", ...exceptions.map((pattern) => `!${pattern}`)]);
    return {
        ignores: (entry) => rules.ignores(entry),
        mayInclude: (entry) => {
            const start = `${entry.toLowerCase()}/`;
            return starts.some((exception) => exception.startsWith(start) || start.startsWith(exception));
        },
        asksFor: (entry) => !allBut.ignores(entry),
    };
}

/** The part of a pattern that every entry has which it matches: up to its first wildcard. Patterns ignore case. */
function startOf(pattern: string): string {
    const [literal] = pattern.split(/[*?[\\]/);
    const clean = path.posix.normalize(`/${literal}`).slice(1).toLowerCase();
    return literal === pattern ? `${clean.replace(/\/$/, "")}/` : clean;
}
