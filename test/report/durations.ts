import * as fs from "fs";
import * as path from "path";
import { RunReport, Timing } from "./results";

/** Where the last durations of all tests and hooks are kept. */
const file = process.env.DISTRIBUTED_SESSION_TEST_DURATIONS ?? path.join(__dirname, "../durations.json");

/** Tests and hooks by title. */
type Durations = Record<string, Omit<Timing, "title">>;

/** Keeps the durations of a run; those of tests that did not run stay. */
export function keepDurations({ timings }: RunReport): void {
    const durations = readDurations();
    for (const { title, ...duration } of timings) {
        durations[title] = duration;
    }
    fs.writeFileSync(file, JSON.stringify(durations, undefined, 1));
}

export function readDurations(): Durations {
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Durations) : {};
}
