import * as fs from "fs";
import { Hook, MochaOptions, Runnable, Runner, reporters } from "mocha";
import * as path from "path";
import { takeCalls } from "./calls";
import { keepDurations } from "./durations";
import { RunReport, Timing, resultsOf } from "./results";
import { shorten } from "./shorten";
import { printMatrix, printTotals } from "./summary";

/** Names the file for the report of a run that is a part of a larger one. */
const reportVariable = "DISTRIBUTED_SESSION_TEST_REPORT";

/** Mocha's own report, with the matrix of the backends before its failures, and where the time went after them. */
class Reporter extends reporters.Spec {
    private readonly failedHooks: Hook[] = [];
    private readonly timings: Timing[] = [];
    private readonly start = Date.now();

    constructor(runner: Runner, options: MochaOptions) {
        super(runner, options);
        runner.on("fail", (runnable: Runnable, error: unknown) => {
            if (error instanceof Error) {
                shorten(error);
            }
            if ((runnable as Hook).type === "hook") {
                this.failedHooks.push(runnable as Hook);
                this.time(runnable);
            }
        });
        runner.on("test end", (test) => this.time(test));
        runner.on("hook end", (hook) => this.time(hook));
    }

    override epilogue(): void {
        const report = this.report();
        const file = process.env[reportVariable];
        if (file !== undefined) {
            fs.writeFileSync(file, JSON.stringify(report));
            super.epilogue();
            return;
        }
        keepDurations(report);
        printMatrix(report);
        super.epilogue();
        printTotals(report, (Date.now() - this.start) / 1000);
    }

    private time(runnable: Runnable): void {
        const seconds = (runnable.duration ?? 0) / 1000;
        const file = runnable.file && path.relative(process.cwd(), runnable.file);
        this.timings.push({ title: runnable.fullTitle(), file, seconds, calls: takeCalls() });
    }

    private report(): RunReport {
        const { passes, failures, pending } = this.stats;
        return {
            results: resultsOf(this.runner.suite, this.failedHooks),
            timings: this.timings,
            failures: this.failures.map((failure) => ({
                title: failure.titlePath().join("\n  "),
                error: errorOf(failure),
            })),
            passed: passes,
            failed: failures,
            skipped: pending,
        };
    }
}

function errorOf({ err }: Runnable & { err?: Error }): string {
    return err?.stack ?? String(err?.message ?? err);
}

// Mocha takes the reporter to be the module.
module.exports = Reporter;
