import * as pulumi from "@pulumi/pulumi";
import { DistributedSessionArgs } from "./model/args";
import { backendOf } from "./backends";
import { withDefaults } from "./model/defaults";
import { Problem, SessionError, describeProblems, show } from "./model/errors";
import { Endpoint, Engine } from "./model/outputs";
import { Plan, planSession } from "./model/plan";
import { isPool } from "./model/pool";
import { createSessionKey } from "./sessionKey";
import { createIdentity } from "./identity";
import { Project, ignoreFile } from "./project/project";
import { listLeftOut, readProject } from "./project/readProject";
import { guardLaterValues } from "./validation/guardLaterValues";
import { validate } from "./validation/validate";
import { inform } from "./program/console";

/**
 * One master engine and N worker engines: containers with CPU and memory limits, each with a private address in a network of their
 * own. The master's address is in every worker's environment (`CML_MASTER_IP`, `CDSW_MASTER_IP`), and the workers are created
 * when the master listens on its ports.
 *
 * Problems in the arguments are raised all at once, before anything is created.
 *
 * @example
 * const session = new DistributedSession("hello", {
 *     project: "examples/hello-python",
 *     master: { script: "master.py", ports: [6000], cpu: 0.2, memory: 0.5 },
 *     workers: { n: 2, script: "worker.py", cpu: 0.2, memory: 0.5 },
 * });
 * export const masterIp = session.masterIp;
 */
export class DistributedSession extends pulumi.ComponentResource {
    /**
     * The master's private IP address, known once the master listens on `master.ports` where a worker is to be created; with a pool, once
     * workers can join it.
     */
    public readonly masterIp: pulumi.Output<string>;
    /** The master, in the state at the end of the last `pulumi up`. */
    public readonly master: pulumi.Output<Engine>;
    /** The workers by rank, and then those of each group in its order; in the state at the end of the last `pulumi up`. */
    public readonly workers: pulumi.Output<Engine[]>;
    /** The name of the session's network. */
    public readonly network: pulumi.Output<string>;
    /** The master's ports and where to reach them, known when `masterIp` is; a port that is published several times has an entry for each place. */
    public readonly endpoints: pulumi.Output<Endpoint[]>;

    /**
     * Declares a session.
     *
     * @param name The session's name: at most 40 lower-case letters, digits and `-`, starting with a letter. The engines are called
     *     after it: `<name>-master`, `<name>-worker-1`, `<name>-<group>-1`.
     * @param args What the session is made of.
     * @param opts Resource options. Give `providers: [provider]` to reach another Docker host or cluster than the default one.
     */
    constructor(name: string, args: DistributedSessionArgs, opts?: pulumi.ComponentResourceOptions) {
        const checked = check(name, args);
        // The SDK fails on a string that UTF-8 cannot hold, after it has taken a minute and 3 GB: wrong arguments are not registered.
        super("distributed-session:index:DistributedSession", name, checked.problems.length > 0 ? {} : args, opts);

        const plan = checkedPlan(name, args, { ...checked, session: this });
        const createSession = backendOf(plan.backend, this);
        const created = createSession({
            plan,
            session: this,
            identity: createIdentity(name, this),
            waitsForOthers: hasDependencies(opts),
        });

        this.masterIp = created.masterIp;
        this.master = created.master;
        this.workers = created.workers;
        this.network = created.network;
        this.endpoints = created.endpoints;
        this.registerOutputs({ ...created });
    }
}

function hasDependencies({ dependsOn = [] }: pulumi.ComponentResourceOptions = {}): boolean {
    return !Array.isArray(dependsOn) || dependsOn.length > 0;
}

/** The project, and all problems in the arguments. */
interface Checked {
    project?: Project;
    problems: Problem[];
}

function check(name: string, args: DistributedSessionArgs): Checked {
    const project = typeof args?.project === "string" ? readProject(args.project) : undefined;
    return { project, problems: validate(name, args, project) };
}

function checkedPlan(
    name: string,
    args: DistributedSessionArgs,
    { project, problems, session }: Checked & { session: DistributedSession },
): Plan {
    const subject = `DistributedSession ${show(name)}`;
    if (problems.length > 0) {
        throw new SessionError(describeProblems(subject, problems), session);
    }
    reportLeftOut(project, session);
    const guarded = guardLaterValues(withDefaults(args), { subject, session });
    const sessionKey = isPool(guarded.workers) ? createSessionKey(name, session) : undefined;
    return planSession(name, guarded, { project, sessionKey });
}

function reportLeftOut(project: Project | undefined, session: DistributedSession): void {
    if (project?.leftOut !== undefined) {
        const text = `The engines do not get what is private by habit: ${listLeftOut(project.leftOut)}. To deliver one of them, name it in ${ignoreFile}, with a ! before it.`;
        void inform(text, session);
    }
}
