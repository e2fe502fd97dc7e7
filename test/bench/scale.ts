import { execFileSync } from "child_process";
import { Stack } from "../e2e/support/stack";

/**
 * The most that `up` may take as a multiple of `kubectl apply`, with all workers in one object: some seconds do not depend on the number.
 * The cost of many resources depends on the backend of the state, and is only printed.
 */
const allowed = 3;
const label = "distributed-session.bench";
const pollMs = 300;
const settleMs = 5000;

/** A kind of workers, with settings of Pulumi that change its cost. */
interface Variant {
    name: string;
    kind: "Pods" | "IndexedJob";
    settings: Record<string, string>;
    /** Whether a ratio above the limit fails the run. */
    isLimited: boolean;
}

const variants: Variant[] = [
    { name: "IndexedJob", kind: "IndexedJob", settings: {}, isLimited: true },
    { name: "Pods", kind: "Pods", settings: {}, isLimited: false },
    {
        name: "Pods, no backups of the state",
        kind: "Pods",
        settings: { PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true" },
        isLimited: false,
    },
    {
        name: "Pods, the state written at the end",
        kind: "Pods",
        settings: { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" },
        isLimited: false,
    },
];

const container = { name: "engine", image: "busybox", command: ["sleep", "3600"] };

/** The same workers, written by hand. */
function manifest(kind: Variant["kind"], n: number): unknown {
    const labels = { [label]: "baseline" };
    const spec = { restartPolicy: "OnFailure", containers: [container] };
    const pod = (index: number) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `bench-${index}`, labels },
        spec,
    });
    const job = {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "bench", labels },
        spec: { completionMode: "Indexed", completions: n, parallelism: n, template: { metadata: { labels }, spec } },
    };
    const items = kind === "Pods" ? Array.from({ length: n }, (_, index) => pod(index)) : [job];
    return { apiVersion: "v1", kind: "List", items };
}

function kubectl(args: string[], input?: string): string {
    return execFileSync("kubectl", args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
}

/** Waits until the cluster has removed everything, so that the next measurement is not slowed. */
async function settle(): Promise<void> {
    while (kubectl(["get", "pods", "-o", "name"]) !== "") {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    await new Promise((resolve) => setTimeout(resolve, settleMs));
}

/** The seconds from `kubectl apply` until every Pod has started. */
async function secondsOfBaseline(kind: Variant["kind"], n: number): Promise<number> {
    const start = Date.now();
    try {
        kubectl(["apply", "-f", "-"], JSON.stringify(manifest(kind, n)));
        const started = () =>
            kubectl(["get", "pods", "-l", label, "--field-selector=status.phase!=Pending", "-o", "name"])
                .split("\n")
                .filter(Boolean).length;
        while (started() < n) {
            await new Promise((resolve) => setTimeout(resolve, pollMs));
        }
        return (Date.now() - start) / 1000;
    } finally {
        kubectl(["delete", "jobs,pods", "-l", label, "--wait", "--grace-period=0", "--force"]);
        await settle();
    }
}

/** The seconds that an `up` of a new session takes, until every worker has started. */
async function secondsOfUp({ kind, settings }: Variant, n: number): Promise<number> {
    const engine = { image: container.image, command: container.command, cpu: 0.1, memory: 0.0625 };
    const roles = { master: engine, workers: { ...engine, n } };
    const config = { backend: "kubernetes", kubernetes: { workers: kind }, project: "examples/hello-python", ...roles };
    const stack = await Stack.create(config);
    Object.assign(stack.environment, settings);
    try {
        const run = await stack.up();
        if (run.exitCode !== 0) {
            throw new Error(run.output.slice(-4000));
        }
        return run.seconds;
    } finally {
        // Removal is not measured, and it is quicker with these settings.
        Object.assign(stack.environment, { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" });
        await stack.remove();
        await settle();
    }
}

/**
 * Compares the time of `up` of a session of n workers with that of `kubectl apply` of the same workers, on the cluster of the current
 * kubeconfig: `npm run bench:scale -- 500 [variant]`.
 */
async function main(): Promise<void> {
    const n = Number(process.argv[2] ?? 500);
    const only = process.argv[3];
    // The first run fills the compiler's cache.
    await secondsOfUp(variants[0]!, 1);
    for (const variant of variants.filter(({ name }) => only === undefined || name === only)) {
        const [baseline, up] = [await secondsOfBaseline(variant.kind, n), await secondsOfUp(variant, n)];
        const ratio = up / baseline;
        console.log(
            `${n} workers as ${variant.name}: up ${up.toFixed(1)} s, kubectl apply ${baseline.toFixed(1)} s, ratio ${ratio.toFixed(2)}`,
        );
        if (variant.isLimited && ratio > allowed) {
            console.log(`The limit is ${allowed}.`);
            process.exitCode = 1;
        }
    }
}

void main();
