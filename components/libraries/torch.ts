import * as pulumi from "@pulumi/pulumi";
import { Wait } from "../model/args";
import { Problem } from "../model/errors";
import { Engine } from "../model/outputs";
import { Check, isObject, objectOf, optional, required } from "../validation/checkObject";
import * as is from "../validation/checks";
import { ClusterArgs } from "./args";
import { declareSession } from "./cluster";
import { libraryImages } from "./images";
import { Part, Preset, countOf, givenWorkers } from "./preset";
import { shell } from "./shell";

const port = 29500;

/** The arguments of a torch job: those of a cluster, with a job. */
export interface TorchJobArgs extends ClusterArgs {
    /** The script of `project` that `torchrun` starts on every engine: the master has rank 0, the workers 1 to n, and then those of each group. */
    job: string;
    /**
     * How many engines the job needs, and how many it may have, the master included. A change of `workers.n` then replaces no engine: the
     * script starts again with the new number. Give `wait: "none"` to resize while it trains. Those of `workerGroups` count too. Default: none;
     * the job has the master and all workers, and a change of their number replaces all of them.
     */
    elastic?: Elastic;
}

/** The numbers of engines of an elastic torch job. */
export interface Elastic {
    /** The fewest engines that train: a whole number from 1. */
    min: number;
    /** The most engines that train: a whole number from `min`. */
    max: number;
}

// Within an engine, only a GPU that was given to it has a device.
const countProcesses = "ls /dev/nvidia[0-9]* >/dev/null 2>&1 && processes=gpu || processes=1";

/** Every engine has a rank of its own, and the rank of its process is that. `RANK` counts from 1 in each group. */
const fixed = shell(
    countProcesses,
    "exec torchrun --nnodes=$NODES --node_rank=$((RANK + WORKERS_BEFORE)) --nproc_per_node=$processes" +
        ' --master_addr=$MASTER_ADDR --master_port=$MASTER_PORT "$1"',
);

/** Who comes first gets rank 0. A member that comes or goes starts the script again everywhere. */
function elastic({ min, max }: Partial<Elastic>): string[] {
    return shell(
        countProcesses,
        `exec torchrun --nnodes=${min}:${max} --nproc_per_node=$processes --max_restarts=100 --rdzv_backend=c10d` +
            ' --rdzv_id=job --rdzv_endpoint=$MASTER_ADDR:$MASTER_PORT --rdzv_conf=last_call_timeout=10 "$1"',
    );
}

function presetOf(elasticity: Elastic | undefined): Preset {
    const part: Part = !isObject(elasticity)
        ? { job: fixed, env: ({ n, before }) => ({ NODES: String(n + 1), WORKERS_BEFORE: String(before) }) }
        : { job: elastic(elasticity), env: () => ({}) };
    return { image: libraryImages.torch, master: { ...part, ports: [port] }, workers: part, jobWait: Wait.Completed };
}

const engines = "a whole number of engines from 1 to 10000";
const count = required(is.number({ least: 1, most: 10_000, whole: true, expected: engines }));
const elasticChecks = { min: count, max: count } satisfies Record<keyof Elastic, Check>;

/** What is wrong with the numbers of engines. */
function checkElastic(path: string, value: unknown, args: TorchJobArgs): Problem[] {
    const problems = optional(objectOf(elasticChecks))(path, value);
    if (value === undefined || problems.length > 0) {
        return problems;
    }
    const { min, max } = value as Elastic;
    if (max < min) {
        return [{ path: `${path}.max`, reason: `${max} is less than min, ${min}; give at least min` }];
    }
    const [workers, ...groups] = givenWorkers(args).map(({ spec }) => spec);
    const [own, others] = [workers!.n ?? NaN, countOf(groups)];
    const engineCount = own + others + 1;
    const [few, many] = [engineCount < min, engineCount > max];
    const limit = few
        ? `fewer than ${path}.min, ${min}; give at least ${min - 1}`
        : `more than ${path}.max, ${max}; give at most ${max - 1}`;
    const [beside, all] = groups.length === 0 ? [" and", ""] : [`, ${others} of workerGroups and`, " workers in all"];
    return few || many ? [{ path: "workers.n", reason: `${own}${beside} the master are ${limit}${all}` }] : [];
}

/**
 * A PyTorch job: `torchrun` starts the script on the master and on every worker, once for each GPU of an engine and else once.
 * `pulumi up` ends when all have ended.
 *
 * @example
 * new TorchJob("train", { project: "train", job: "train.py", workers: { n: 3, cpu: 2, memory: 4 } });
 */
export class TorchJob extends pulumi.ComponentResource {
    /** The master's engine, in the state at the end of the last `pulumi up`. */
    public readonly master: pulumi.Output<Engine>;
    /** The workers' engines by rank, and then those of each group in its order; in the state at the end of the last `pulumi up`. */
    public readonly workers: pulumi.Output<Engine[]>;
    /** The name of the session's network. */
    public readonly network: pulumi.Output<string>;

    /**
     * Declares a PyTorch job.
     *
     * @param name The name of the job and of its session: at most 40 lower-case letters, digits and `-`, starting with a letter.
     * @param args The script, and the size of the engines.
     * @param opts Resource options, as for a DistributedSession.
     */
    constructor(name: string, args: TorchJobArgs, opts?: pulumi.ComponentResourceOptions) {
        super("distributed-session:index:TorchJob", name, args, opts);

        const preset = presetOf(args?.elastic);
        const checks = { elastic: (path: string, value: unknown) => checkElastic(path, value, args) };
        const session = declareSession({ preset, component: this, opts, checks }, name, args);

        this.master = session.master;
        this.workers = session.workers;
        this.network = session.network;
        this.registerOutputs({ master: this.master, workers: this.workers, network: this.network });
    }
}
