import { spawn } from "child_process";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { noKubernetesVariable, whyNoKubernetes } from "./e2e/support/clusterAccess";
import { loadedVariable, whyNoCluster, whyNoImage } from "./e2e/support/kubeconfig";
import { compileAll } from "./e2e/support/program";
import { preparedVariable, projectFolder, toolEnvironment } from "./e2e/support/stack";
import { Job, firstJob, jobsAlone, jobsSideBySide, takeNext, unitJobs } from "./jobs";
import { keepDurations } from "./report/durations";
import { RunReport, addUp } from "./report/results";
import { printFailures, printMatrix, printTotals, renderSeconds } from "./report/summary";

const start = Date.now();
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-reports-"));

/** How many spec files run side by side: a test of engines waits more than it computes. */
const lanes = Number(process.env.DISTRIBUTED_SESSION_TEST_LANES ?? os.availableParallelism() + 1);

/** Runs all checks and tests, and reports on them together. */
async function main(): Promise<void> {
    const [check, ...units] = await Promise.all([runCheck(), ...unitJobs.map((job) => run(job))]);
    const word = [check, ...units].every(({ failed }) => failed === 0) ? "pass" : "FAIL";
    console.log(`\nTypes, lint and unit tests ${word}, after ${renderSeconds(seconds())}.\n`);
    const report = addUp([...units, check, ...(check.failed === 0 ? await runEndToEnd() : [])]);
    keepDurations(report);
    printMatrix(report);
    printFailures(report);
    printTotals(report, seconds());
    fs.rmSync(reports, { recursive: true });
    process.exitCode = report.failed === 0 ? 0 : 1;
}

async function runEndToEnd(): Promise<RunReport[]> {
    const first = await run(firstJob);
    const { env, hasKubernetes } = await prepareOnce();
    const waiting = jobsSideBySide(hasKubernetes);
    const running = new Set<Job>();
    const results: RunReport[] = [];
    const lane = async () => {
        // A lane ends when only heavy jobs are left: they go one by one in another lane.
        for (let job = takeNext(waiting, running); job !== undefined; job = takeNext(waiting, running)) {
            running.add(job);
            results.push(await run(job, env));
            running.delete(job);
        }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    for (const job of jobsAlone(hasKubernetes)) {
        results.push(await run(job, env));
    }
    return [first, ...results];
}

/** The environment of all jobs: what each of them would find out or get again is found out here. */
async function prepareOnce(): Promise<{ env: NodeJS.ProcessEnv; hasKubernetes: boolean }> {
    const env: NodeJS.ProcessEnv = { ...(await toolEnvironment()), ...compileAll(), [preparedVariable]: "true" };
    const noImage = (await whyNoCluster()) ?? (await whyNoImage());
    if (noImage === undefined) {
        env[loadedVariable] = "true";
    }
    const noKubernetes = await whyNoKubernetes();
    env[noKubernetesVariable] = noKubernetes ?? "";
    return { env, hasKubernetes: noKubernetes === undefined };
}

/** Runs a job in a process of its own, and prints what it printed when it has ended. */
async function run({ name, args }: Job, env: NodeJS.ProcessEnv = process.env): Promise<RunReport> {
    const started = Date.now();
    const file = path.join(reports, `${name.replaceAll(/[^\w.]+/g, "-")}.json`);
    const mocha = path.join(projectFolder, "node_modules/mocha/bin/mocha.js");
    const command = [process.execPath, mocha, ...args];
    const { code, output } = await capture(command, { ...env, DISTRIBUTED_SESSION_TEST_REPORT: file });
    console.log(`--- ${name}, ${renderSeconds((Date.now() - started) / 1000)} ---\n${output.trimEnd()}\n`);
    if (!fs.existsSync(file)) {
        return failure(name, `It ended with exit code ${code} and without a report:\n${output}`);
    }
    return JSON.parse(fs.readFileSync(file, "utf8")) as RunReport;
}

async function runCheck(): Promise<RunReport> {
    const { code, output } = await capture(["npm", "run", "--silent", "check"], process.env);
    return code === 0 ? addUp([]) : failure("npm run check", output);
}

function failure(title: string, error: string): RunReport {
    return { ...addUp([]), failures: [{ title, error }], failed: 1 };
}

function capture([command, ...args]: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
    const child = spawn(command!, args, { cwd: projectFolder, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    return new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolve({ code: code ?? -1, output }));
    });
}

function seconds(): number {
    return (Date.now() - start) / 1000;
}

void main();
