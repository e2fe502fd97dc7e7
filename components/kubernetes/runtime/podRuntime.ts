import { SessionContext } from "../../model/context";
import { Status } from "../../model/outputs";
import { failOn } from "../../observing/failures";
import { EngineState } from "../../observing/engineState";
import { CreatedEngine, Listening, Runtime, Source } from "../../observing/runtime";
import { portsInProbe } from "../listeningProbe";
import { openCluster } from "./client/cluster";
import { markFiles } from "./files";
import { FoundInCluster } from "./inventory";
import { keepJobsInView } from "./jobs/jobView";
import { scaleJob, whyNotScaled } from "./jobs/scaling";
import { Leftovers, SessionOwner, findLeftoverServices, removeObjects } from "./leftovers";
import { Location, OpenedCluster, inspectSession } from "./opening";
import { PodHost } from "./podHost";
import { eventsOf, probeMessagesOf } from "./client/podEvents";
import { aliasOfPod, isRankKey, isTerminating, jobOf, nameIn, parseRankKey } from "./podIdentity";
import { PodOutput, openPodOutput } from "./podOutput";
import { isReady } from "./podState";
import { ClusterReplacements } from "./replacements";

/** What the resources of a session need to know of its cluster. */
export interface ClusterFindings {
    /** The name of the session's Service. */
    network: string;
    replacements: ClusterReplacements;
}

/** Connects to the cluster of a session and inspects what the session has there. */
export async function connectToCluster(
    location: Location,
    context: SessionContext,
    signal?: AbortSignal,
): Promise<PodRuntime> {
    const { settings, namespace, network } = location;
    const cluster = await openCluster(settings, namespace);
    const opened = await inspectSession(cluster, network, { ...context, keepWatching: signal !== undefined });
    return new PodRuntime(opened, context, location, signal);
}

/** The Pods of a session as engines, with what an `up` does to them. */
export class PodRuntime extends PodHost implements Runtime<ClusterFindings> {
    readonly findings: ClusterFindings;
    readonly recreated: FoundInCluster[];
    readonly secrets: string[];
    private readonly leftovers: Leftovers;
    /** The cluster's time when this `up` began, in ms. */
    private readonly openedAt: number;
    private watchesJobs = false;

    constructor(
        private readonly opened: OpenedCluster,
        private readonly context: SessionContext,
        private readonly owner: SessionOwner & Pick<Location, "secrets">,
        private readonly signal?: AbortSignal,
    ) {
        const { cluster, live, jobs, replacements } = opened;
        super({ cluster, live, jobs }, context.plan);
        this.findings = { network: owner.network, replacements };
        this.openedAt = cluster.now();
        this.recreated = replacements.recreated;
        this.secrets = owner.secrets;
        this.leftovers = new Leftovers(replacements.kept);
    }

    async removeLeftovers(): Promise<string[]> {
        const { cluster, live, replacements } = this.opened;
        const services = await findLeftoverServices(cluster, this.context.plan, this.owner);
        const removed = await removeObjects(cluster, [...replacements.removed, ...services]);
        const names = replacements.removed.map(({ name }) => name);
        live.forget((pod) => [pod.metadata!.name, jobOf(pod)].some((name) => names.includes(name!)));
        return removed;
    }

    /** Scales the Job of a group, and removes what stands in for these engines but is unknown to Pulumi. */
    async attend(created: CreatedEngine[]): Promise<string[]> {
        const { cluster } = this.opened;
        const [first] = created;
        if (isRankKey(first!.id)) {
            this.watchJobs();
        }
        if (first!.isOneOfMany) {
            await this.scale(first!, created.length);
        }
        return removeObjects(
            cluster,
            created.flatMap((each) => this.leftovers.takeBesides(each)),
        );
    }

    /** A resize of a Job is impossible once it has finished. */
    foresee(created: CreatedEngine[]): void {
        const { id, urn, isOneOfMany } = created[0]!;
        const job = isOneOfMany ? this.opened.jobs.get(parseRankKey(id)!.job) : undefined;
        if (job !== undefined) {
            failOn(whyNotScaled(created.length, job, urn), this.context.session);
        }
    }

    async attendShared(resourceId: string): Promise<string[]> {
        await markFiles(this.opened.cluster, nameIn(resourceId));
        return [];
    }

    /** Opens the output of a Pod, or of one Pod after another that a Job makes. */
    async follow({ id }: CreatedEngine, opened: (key: string, output: Source) => void): Promise<void> {
        const signal = this.signal!;
        let last: string | undefined;
        do {
            const state = await this.until(id, signal, (each) => each.status !== Status.Declared && each.id !== last);
            const isShown = state.isNew || state.status === Status.Running;
            if (state.id !== undefined && state.id !== last && isShown) {
                opened(state.id, await openPodOutput(this.opened.cluster, this.outputOf(state), signal));
            }
            last = state.id;
        } while (isRankKey(id) && !signal.aborted);
    }

    private outputOf({ id, isNew }: EngineState): PodOutput {
        const isOver = async () => {
            const state = await this.inspect(id!).catch(() => undefined);
            return this.signal!.aborted || state?.status !== Status.Running;
        };
        return { name: id!, since: isNew ? undefined : this.openedAt, isOver };
    }

    /** The cluster says that a container is ready when it listens; its failing probe says on which ports it does. */
    async listening({ id }: CreatedEngine, isLate: boolean): Promise<Listening> {
        this.opened.live.check();
        if (isReady(this.opened.live.get(id))) {
            return new Set(this.context.plan.master.awaitedPorts);
        }
        if (!isLate) {
            return new Set();
        }
        const probe = (await probeMessagesOf(this.opened.cluster, id)).at(-1) ?? "";
        return /executable file not found|no such file/.test(probe) ? { lacks: "sh" } : new Set(portsInProbe(probe));
    }

    async explainPending(key: string): Promise<string> {
        const last = (await eventsOf(this.opened.cluster, key)).at(-1);
        return last === undefined
            ? "The cluster gives no reason."
            : `The cluster says: ${last.reason ?? ""}: ${(last.message ?? "").replace(/\.?$/, ".")}`;
    }

    stayingWorkers(master: CreatedEngine): Promise<ReadonlySet<string>> {
        const { live } = this.opened;
        const pod = live.get(master.id);
        const isMasterNew = pod === undefined || live.asBefore(pod) === undefined;
        const staying = isMasterNew ? [] : live.allBefore().filter((each) => !isTerminating(each));
        const aliases = staying.map(aliasOfPod).filter((alias) => alias !== undefined && alias !== master.engine.alias);
        return Promise.resolve(new Set(aliases as string[]));
    }

    settle(): Promise<void> {
        return Promise.resolve();
    }

    abandon(): Promise<void> {
        return Promise.resolve();
    }

    close(): void {
        this.opened.live.close();
    }

    private async scale({ id, urn }: CreatedEngine, workers: number): Promise<void> {
        const { job } = parseRankKey(id)!;
        failOn(await scaleJob(this.opened.cluster, { name: job, workers }, urn), this.context.session);
    }

    private watchJobs(): void {
        if (!this.watchesJobs) {
            this.watchesJobs = true;
            const { jobs, cluster, labelSelector } = this.opened;
            void keepJobsInView(jobs, cluster, labelSelector, this.signal!);
        }
    }
}
