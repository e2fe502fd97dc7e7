import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../toolchain/versions";
import { readDurations } from "./report/durations";

/** A part of the tests that runs in a process of its own: what it is called, and the arguments of Mocha. */
export interface Job {
    name: string;
    args: string[];
    /** Whether it computes so much that no other such job may run beside it. */
    isHeavy?: boolean;
}

const folder = "test/e2e";
/** The clusters of libraries: each starts many large programs. */
const libraries = "test/libraries";

/** Gets what is missing on the machine: on a fresh one that takes minutes. */
const first = "00-toolchain.spec.ts";

/** Specs that measure, or that restart what all others need. */
const alone = ["node.spec.ts", "promptness.spec.ts"];

/** What the titles of a test on a cluster have in common. */
const onKubernetes = " on Kubernetes";

/** The unit tests that talk to processes and wait more than they compute, in parts that take about as long. */
const talking = ["{kubernetes,observing}", "{docker,output}", "cdsw"].map(
    (folder) => `test/unit/${folder}/**/*.spec.ts`,
);

/** The unit tests, side by side. */
export const unitJobs: Job[] = [
    ...talking.map((files, index) => ({ name: `unit tests that wait, part ${index + 1}`, args: [files] })),
    {
        name: "unit tests that compute",
        args: ["test/unit/**/*.spec.ts", ...talking.flatMap((files) => ["--ignore", files])],
    },
];
export const firstJob: Job = { name: first, args: [path.join(folder, first)] };

/** The jobs that bear others beside them: the heavy ones and the longest of the last run first, so that none is left over at the end. */
export function jobsSideBySide(hasKubernetes: boolean): Job[] {
    const heavy = specsIn(libraries).map((spec) => ({
        name: `library ${spec}`,
        args: [path.join(libraries, spec)],
        isHeavy: true,
    }));
    const others = specsIn(folder)
        .filter((spec) => spec !== first && !alone.includes(spec))
        .flatMap((spec) => jobsOf(spec, hasKubernetes));
    return [...longestFirst(heavy), ...longestFirst(others)];
}

function longestFirst(jobs: Job[]): Job[] {
    const durations = new Map(jobs.map((job) => [job, lastSeconds(job)]));
    return jobs.sort((one, other) => durations.get(other)! - durations.get(one)!);
}

/** Takes the first of the jobs that bears those that run. */
export function takeNext(waiting: Job[], running: ReadonlySet<Job>): Job | undefined {
    const isHeavyRunning = [...running].some(({ isHeavy }) => isHeavy);
    const at = waiting.findIndex(({ isHeavy }) => !(isHeavy && isHeavyRunning));
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
}

function specsIn(within: string): string[] {
    return fs.readdirSync(path.join(projectFolder, within)).filter((file) => file.endsWith(".spec.ts"));
}

export function jobsAlone(hasKubernetes: boolean): Job[] {
    return alone.flatMap((spec) => jobsOf(spec, hasKubernetes));
}

/** A spec file is one job, or two where it has tests on a cluster besides others and there is one. */
function jobsOf(spec: string, hasKubernetes: boolean): Job[] {
    const file = path.join(folder, spec);
    const text = fs.readFileSync(path.join(projectFolder, file), "utf8");
    if (!hasKubernetes || !/onEachBackend|onBothBackends|onKubernetes|onlyOn\(kubernetes| on Kubernetes/.test(text)) {
        return [{ name: spec, args: [file] }];
    }
    const others = { name: spec, args: [file, "--fgrep", onKubernetes, "--invert"] };
    const hasOthers = /onEachBackend|onBothBackends|onlyOn\(docker|describe\(/.test(text);
    return [...(hasOthers ? [others] : []), { name: `${spec}${onKubernetes}`, args: [file, "--fgrep", onKubernetes] }];
}

/** How long a job took the last time; by the length of its file where nothing is known. */
function lastSeconds({ name, args: [file] }: Job): number {
    const isOnCluster = name.endsWith(onKubernetes);
    const known = Object.entries(readDurations()).filter(
        ([title, each]) => each.file === file && title.includes(onKubernetes) === isOnCluster,
    );
    return known.length === 0
        ? fs.statSync(path.join(projectFolder, file!)).size / 100
        : known.reduce((total, [, { seconds }]) => total + seconds, 0);
}
