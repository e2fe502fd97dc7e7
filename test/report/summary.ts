import { Call } from "./calls";
import { renderMatrix } from "./matrix";
import { RunReport, Timing } from "./results";

const slowestCount = 15;
/** Shorter tests and hooks are not worth a line. */
const leastSeconds = 0.5;

/** The behaviours of the backends, for the begin of a report. */
export function printMatrix({ results }: RunReport): void {
    renderMatrix(results).forEach((line) => console.log(line));
}

/** What failed, in a run of several parts. */
export function printFailures({ failures }: RunReport): void {
    failures.forEach(({ title, error }, index) => {
        console.log(`\n${index + 1}) ${title}\n`);
        console.log(error.replaceAll(/^/gm, "    "));
    });
    console.log();
}

/** Where the time went, and a closing line that other programs can read. */
export function printTotals({ timings, passed, failed, skipped }: RunReport, wallSeconds: number): void {
    const lines = [...renderSlowest(timings), ...renderCalls(timings.flatMap(({ calls }) => calls))];
    lines.forEach((line) => console.log(line));
    console.log(`${renderSeconds(wallSeconds)} in all`);
    if (skipped > 0) {
        console.log(`${skipped} skipped`);
    }
    console.log(`${passed} passed, ${failed} failed`);
}

function renderSlowest(timings: Timing[]): string[] {
    const slowest = timings
        .filter(({ seconds }) => seconds >= leastSeconds)
        .sort((one, other) => other.seconds - one.seconds)
        .slice(0, slowestCount);
    const lines = slowest.map(({ title, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${title}`);
    return lines.length === 0 ? [] : ["The slowest tests and hooks:", ...lines];
}

function renderCalls(calls: Call[]): string[] {
    const total = (some: Call[]) => `${some.length} calls, ${renderSeconds(sum(some.map(({ seconds }) => seconds)))}`;
    const commands = [...new Set(calls.map(({ command }) => command))].sort();
    const lines = commands.map((command) => `  ${command}: ${total(calls.filter((call) => call.command === command))}`);
    return calls.length === 0 ? [] : [`The pulumi CLI: ${total(calls)}`, ...lines];
}

export function renderSeconds(seconds: number): string {
    const whole = Math.round(seconds);
    return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function sum(values: number[]): number {
    return values.reduce((total, value) => total + value, 0);
}
