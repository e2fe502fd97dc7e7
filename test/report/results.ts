import type { Hook, Runnable, Suite, Test } from "mocha";
import { Call } from "./calls";

/** How a test of a run ended. */
export interface Result {
    /** The titles that lead to the test, without that of the backend. */
    behaviour: string;
    /** The backend, for a behaviour that the matrix shows. */
    column?: string;
    /** The one backend that has the behaviour. */
    only?: string;
    state: "passed" | "FAILED" | "skipped";
    /** Why the test is skipped. */
    reason?: string;
}

/** The time of a test or a hook, with the CLI calls that it made. */
export interface Timing {
    title: string;
    /** The spec file, from the project's folder. */
    file?: string;
    seconds: number;
    calls: Call[];
}

/** All that a run leaves for its report; several runs are added up to one. */
export interface RunReport {
    results: Result[];
    timings: Timing[];
    failures: { title: string; error: string }[];
    passed: number;
    failed: number;
    skipped: number;
}

/**
 * The results of all tests that were selected. A suite that belongs to a backend says so in `column`, a suite that no other backend
 * has says so in `only`, and a test or a suite that is skipped says why in `skipReason`.
 */
export function resultsOf(root: Suite, failedHooks: Hook[]): Result[] {
    return testsOf(root)
        .filter((test) => hasRun(test, failedHooks))
        .map((test) => {
            const state = stateOf(test, failedHooks);
            return {
                behaviour: behaviourOf(test),
                column: inherited(test, "column"),
                only: inherited(test, "only"),
                state,
                reason: state === "skipped" ? (inherited(test, "skipReason") ?? "it is marked as pending") : undefined,
            };
        });
}

export function addUp(reports: RunReport[]): RunReport {
    const sum = (count: (report: RunReport) => number) => reports.reduce((total, report) => total + count(report), 0);
    return {
        results: reports.flatMap(({ results }) => results),
        timings: reports.flatMap(({ timings }) => timings),
        failures: reports.flatMap(({ failures }) => failures),
        passed: sum(({ passed }) => passed),
        failed: sum(({ failed }) => failed),
        skipped: sum(({ skipped }) => skipped),
    };
}

function testsOf(suite: Suite): Test[] {
    return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}

/** A property of the test, or of the nearest of the suites that it is in. */
function inherited(test: Test, property: "column" | "only" | "skipReason"): string | undefined {
    for (let each: any = test; each; each = each.parent) {
        if (each[property] !== undefined) {
            return each[property] as string;
        }
    }
    return undefined;
}

function behaviourOf(test: Test): string {
    const titles: string[] = [];
    for (let each: any = test; each; each = each.parent) {
        if (each.column === undefined && each.title) {
            titles.unshift(each.title as string);
        }
    }
    return titles.join(": ");
}

/** Tests that a failed hook kept from running count as run, and tests that were not selected do not. */
function hasRun(test: Test, failedHooks: Hook[]): boolean {
    return test.state !== undefined || test.pending || hasFailedHook(test, failedHooks);
}

function stateOf(test: Test, failedHooks: Hook[]): Result["state"] {
    const hasFailed = test.state === "failed" || hasFailedHook(test, failedHooks);
    return hasFailed ? "FAILED" : test.state === "passed" ? "passed" : "skipped";
}

function hasFailedHook(test: Test, failedHooks: Hook[]): boolean {
    return failedHooks.some((hook) => {
        const failedIn: Runnable | undefined = hook.ctx?.currentTest;
        const isInside = hook.parent!.titlePath().every((title, index) => test.titlePath()[index] === title);
        return failedIn === test || (isInside && test.state === undefined && !test.pending);
    });
}
