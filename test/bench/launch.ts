import { docker } from "../e2e/support/backends";
import { eventually } from "../e2e/support/eventually";
import { LiveEngine } from "../e2e/support/site";
import { TestSession, destroySessions } from "../e2e/support/session";
import { median } from "./median";

const pairs = 10;
const allowedSeconds = 0.5;

/** Prints the time of its first line. */
const program = "import time; print('first line at', time.time(), flush=True)";
const firstLine = /first line at ([\d.]+)/g;

/** Launches the program on the pool, and prints when it asked for that. */
const launch = `
import cdsw, time
print(time.time())
cdsw.await_workers(cdsw.launch_workers(n=1, cpu=1, memory=0.25, code=${JSON.stringify(program)}))
`;

/** The seconds from launch_workers to the first line, on an idle pool. */
async function secondsOfLaunch(session: TestSession, worker: LiveEngine): Promise<number> {
    const listened = await docker.site.listen(worker);
    const linesBefore = [...listened().matchAll(firstLine)].length;
    const asked = Number((await session.exec("master", "python3", "-c", launch)).text);
    const printed = await eventually("the first line", 10_000, () => {
        const times = [...listened().matchAll(firstLine)].map(([, time]) => Number(time));
        return times.slice(linesBefore).find((time) => time >= asked);
    });
    return printed - asked;
}

/** The seconds from `docker exec` of the same program to its first line. */
async function secondsOfExec(session: TestSession): Promise<number> {
    const asked = Date.now() / 1000;
    const { text } = await session.exec("worker-1", "python3", "-u", "-c", program);
    return Number(/first line at ([\d.]+)/.exec(text)![1]) - asked;
}

/** Compares the time to the first line of launched work with that of `docker exec` of the same program. */
async function main(): Promise<void> {
    const session = await TestSession.create(docker, {
        master: { cpu: 1, memory: 0.25, command: ["sleep", "3600"] },
        workers: { cpu: 1, memory: 0.25, n: 1 },
    });
    try {
        await session.up();
        const worker = (await session.engines()).get("worker-1")!;
        const [launched, executed]: [number[], number[]] = [[], []];
        for (let pair = 0; pair < pairs; pair++) {
            launched.push(await secondsOfLaunch(session, worker));
            executed.push(await secondsOfExec(session));
        }
        const [one, other] = [median(launched), median(executed)];
        console.log(
            `from launch_workers to the first line ${one.toFixed(2)} s, ${(one / other).toFixed(1)} times docker exec (${other.toFixed(2)} s; medians of ${pairs}; at most ${allowedSeconds} s)`,
        );
        process.exitCode = one <= allowedSeconds ? 0 : 1;
    } finally {
        await destroySessions();
    }
}

void main();
