import { execFileSync } from "child_process";
import { libraryImages } from "../../components/libraries/images";
import { ensureLibraryImage } from "../../toolchain/libraryImage";
import { docker } from "../e2e/support/backends";
import { TestSession, destroySessions } from "../e2e/support/session";
import { toolEnvironment } from "../e2e/support/stack";
import { median } from "./median";

const pairs = 3;
/** Pulumi takes some seconds, whatever it creates, and the workers come when the scheduler listens. */
const allowed = 4;
const workers = 4;
const hostPort = 18790;
const pollMs = 100;
/** The cluster is idle after some seconds; its CPU time is that of some more. */
const [settleMs, idleMs] = [5000, 10_000];

/** What a cluster takes. */
interface Cost {
    /** From the command to the last worker that the scheduler knows. */
    seconds: number;
    /** MiB of all its containers, when it is idle. */
    memoryMib: number;
    /** The cores that they use then. */
    cores: number;
}

/** A cluster by the component. */
async function costOfComponent(): Promise<Cost> {
    const session = await TestSession.create(docker, {
        library: "dask",
        publish: [{ port: 8787, hostPort }],
        workers: { n: workers, cpu: 1, memory: 0.5 },
    });
    try {
        const [seconds] = await Promise.all([secondsToWorkers(), session.up()]);
        return { seconds, ...(await costWhenIdle([...(await session.ids()).values()])) };
    } finally {
        await destroySessions();
    }
}

/** The same scheduler and workers by commands of Docker. */
async function costByHand(): Promise<Cost> {
    const name = `distributed-session-bench-${process.pid}`;
    const run = (...args: string[]) => execFileSync("docker", args, { stdio: ["ignore", "pipe", "inherit"] });
    const start = (container: string, memory: string, ...args: string[]): string => {
        const limits = ["--cpus", "1", "--memory", memory, "--memory-swap", memory];
        return run("run", "--detach", "--init", "--network", name, "--name", container, ...limits, ...args)
            .toString()
            .trim();
    };
    const ids: string[] = [];
    try {
        const counted = secondsToWorkers();
        run("network", "create", name);
        const scheduler = ["dask", "scheduler", "--dashboard-address", "0.0.0.0:8787"];
        const page = `127.0.0.1:${hostPort}:8787`;
        ids.push(start(`${name}-0`, "1g", "--publish", page, libraryImages.dask, ...scheduler));
        const worker = ["dask", "worker", `tcp://${name}-0:8786`, "--nworkers", "1", "--nthreads", "1"];
        for (let rank = 1; rank <= workers; rank++) {
            ids.push(start(`${name}-${rank}`, "512m", libraryImages.dask, ...worker, "--memory-limit", "512MiB"));
        }
        return { seconds: await counted, ...(await costWhenIdle(ids)) };
    } finally {
        ids.forEach((id) => run("rm", "--force", id));
        run("network", "rm", name);
    }
}

/** The seconds until the scheduler behind the published page knows all workers. */
async function secondsToWorkers(): Promise<number> {
    for (const start = Date.now(); Date.now() - start < 120_000; await pause(pollMs)) {
        if ((await countWorkers()) === workers) {
            return (Date.now() - start) / 1000;
        }
    }
    throw new Error("The workers have not registered within two minutes.");
}

async function countWorkers(): Promise<number> {
    try {
        const answer = await fetch(`http://127.0.0.1:${hostPort}/json/counts.json`);
        return ((await answer.json()) as { workers: number }).workers;
    } catch {
        return 0;
    }
}

async function costWhenIdle(ids: string[]): Promise<Omit<Cost, "seconds">> {
    await pause(settleMs);
    const before = await usageOf(ids);
    await pause(idleMs);
    const after = await usageOf(ids);
    return { memoryMib: after.memory / 2 ** 20, cores: (after.cpu - before.cpu) / ((after.at - before.at) * 1e6) };
}

/** The bytes and the CPU time in ns of containers, without what the kernel keeps of their files. */
async function usageOf(ids: string[]): Promise<{ at: number; memory: number; cpu: number }> {
    const at = Date.now();
    const all = await Promise.all(ids.map((id) => docker.site.docker.getContainer(id).stats({ stream: false })));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return {
        at,
        memory: sum(
            all.map(
                ({ memory_stats: { usage, stats } }) => usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0),
            ),
        ),
        cpu: sum(all.map(({ cpu_stats }) => cpu_stats.cpu_usage.total_usage)),
    };
}

function pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Compares the time of `up` to a cluster of Dask whose workers have registered, and what it takes then, with the same by `docker run`. */
async function main(): Promise<void> {
    await ensureLibraryImage("dask", await toolEnvironment());
    const [component, hand]: [Cost[], Cost[]] = [[], []];
    for (let pair = 1; pair <= pairs; pair++) {
        component.push(await costOfComponent());
        hand.push(await costByHand());
        console.log(`pair ${pair}: DaskCluster ${format(component.at(-1)!)}; docker run ${format(hand.at(-1)!)}`);
    }
    const ratio = median(component.map(({ seconds }, pair) => seconds / hand[pair]!.seconds));
    console.log(`DaskCluster ${format(medians(component))}; docker run ${format(medians(hand))} (medians of ${pairs})`);
    console.log(`a DaskCluster takes ${ratio.toFixed(2)} times as long (median of ${pairs}; at most ${allowed})`);
    process.exitCode = ratio <= allowed ? 0 : 1;
}

function medians(costs: Cost[]): Cost {
    const of = (name: keyof Cost) => median(costs.map((cost) => cost[name]));
    return { seconds: of("seconds"), memoryMib: of("memoryMib"), cores: of("cores") };
}

function format({ seconds, memoryMib, cores }: Cost): string {
    return `${seconds.toFixed(1)} s to ${workers} workers, idle ${memoryMib.toFixed(0)} MiB, ${cores.toFixed(2)} cores`;
}

void main();
