import * as pulumi from "@pulumi/pulumi";
import { setMaxListeners } from "events";
import { SessionError } from "../../model/errors";
import { Followings, Mask } from "../../observing/output";
import { awaitAndJudge, failOn } from "../../observing/failures";
import { NoAnswer, within } from "../../observing/time";
import { endWithPulumi } from "../../observing/pulumiGone";
import { ObservedEngine, Restarts, CreatedEngine } from "../../observing/runtime";
import { reportRemoved, reportRecreated } from "../../observing/replacements";
import { Status } from "../../model/outputs";
import { Plan } from "../../model/plan";
import { codeOf, formatClusterError, openCluster } from "./cluster";
import { markFiles } from "./files";
import { FoundObject } from "./inventory";
import { keepJobsInView, scaleJob } from "./jobView";
import { Leftovers, findLeftoverServices, removeObjects } from "./leftovers";
import { PodWatch, untilMasterListens } from "./masterReadiness";
import type { KubernetesObserver } from "./observer";
import { Location, inspectSession } from "./opening";
import { isRankKey, jobOf } from "./podIdentity";
import { MissingOutput, followPod, reportPod, reportsOutput } from "./podOutput";
import { ClusterReplacements } from "./replacements";

const flushMs = 2000;

/** Watches the Pods through the cluster's API while `up` runs. Nothing of the provider is held up meanwhile. */
export class Watcher implements KubernetesObserver {
    private readonly closing = new AbortController();
    private readonly followings = new Followings();
    private readonly mask = new Mask();
    private readonly restarts = new Restarts();
    private readonly starting: Promise<void>[] = [];
    private readonly showsOutput: boolean;
    private readonly missingOutput: MissingOutput;
    private watch!: PodWatch;
    private leftovers = new Leftovers([]);
    private viewsJobs = false;

    constructor(
        private readonly plan: Plan,
        private readonly session: pulumi.Resource,
    ) {
        // Each engine that is waited for listens; Node takes more than ten for a leak.
        setMaxListeners(0, this.closing.signal);
        this.showsOutput = reportsOutput(plan);
        this.missingOutput = new MissingOutput(session);
    }

    open(location: Location): Promise<ClusterReplacements> {
        return this.guarded(async () => {
            const { plan, session, mask } = this;
            const cluster = await openCluster(location.settings, location.namespace);
            const inspection = { plan, session, mask, keepWatching: true };
            const opened = await inspectSession(cluster, location.network, inspection);
            const { replacements, ...seen } = opened;
            const [{ signal }, reportRestart] = [this.closing, this.restarts.report];
            const recreated = new Set(replacements.recreated.map(({ rank }) => rank));
            this.watch = { ...seen, plan: this.plan, recreated, signal, reportRestart };
            endWithPulumi(signal, () => this.close());
            await this.makeRoom(replacements, location.network);
            return replacements;
        });
    }

    /** Shows what a Pod prints, once it runs. */
    async attend(created: CreatedEngine): Promise<void> {
        await this.mask.learn(created);
        this.restarts.know(created);
        const { id, resource, engine, isOneOfMany } = created;
        if (isRankKey(id)) {
            this.keepJobsInView();
        }
        await this.guarded(() => this.remove(this.leftovers.takeBesides(created)));
        if (this.showsOutput || engine.rank === 0) {
            const prefix = isOneOfMany ? `[${engine.name}] ` : "";
            const show = (lines: string) => pulumi.log.info(lines.replace(/^/gm, prefix), resource);
            this.starting.push(
                this.follow(id, show).catch((error: unknown) => this.missingOutput.report(engine.name, error)),
            );
        }
    }

    attendFiles(name: string): Promise<void> {
        return this.guarded(async () => void (await markFiles(this.watch.cluster, name)));
    }

    scale(job: string, urn: string): Promise<void> {
        return this.guarded(async () => {
            failOn(await scaleJob(this.watch, job, urn), this.session);
        });
    }

    untilMasterListens(master: CreatedEngine): Promise<void> {
        return this.guarded(async () => {
            failOn(await untilMasterListens(this.watch, master), this.session);
        });
    }

    addressOf(engine: CreatedEngine): Promise<string | undefined> {
        return this.guarded(async () => (await this.watch.host.inspect(engine.id)).ip);
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        return this.guarded(async () => {
            const engines = [master, ...workers];
            const { host } = this.watch;
            const seen = await awaitAndJudge(this.watch, master, workers, this.session);
            await this.close();
            return Promise.all(engines.map((engine, index) => reportPod(host, engine, seen[index]!, this.plan)));
        });
    }

    /** Removes what would be in the way of that which is created next. */
    private async makeRoom({ removed, recreated, kept }: ClusterReplacements, network: string): Promise<void> {
        const { cluster, live } = this.watch;
        await reportRecreated(this.plan, recreated, this.session);
        await this.remove([...removed, ...(await findLeftoverServices(cluster, this.plan, network))]);
        const names = removed.map(({ name }) => name);
        live.forget((pod) => [pod.metadata!.name, jobOf(pod)].some((name) => names.includes(name!)));
        this.leftovers = new Leftovers(kept);
    }

    private async remove(objects: FoundObject[]): Promise<void> {
        await reportRemoved(await removeObjects(this.watch.cluster, objects), this.session);
    }

    /** Shows what an engine prints: a Pod, or one Pod after another that a Job makes. */
    private async follow(id: string, show: (lines: string) => Promise<void>): Promise<void> {
        const { host, cluster } = this.watch;
        const { signal } = this.closing;
        let last: string | undefined;
        do {
            const seen = await host.until(id, signal, (each) => each.status !== Status.Declared && each.id !== last);
            const isShown = seen.isNew || seen.status === Status.Running;
            if (seen.id !== undefined && seen.id !== last && isShown) {
                this.followings.keep(
                    seen.id,
                    await followPod(cluster, { name: seen.id, fromStart: seen.isNew === true }, this.mask, show),
                );
            }
            last = seen.id;
        } while (isRankKey(id) && !signal.aborted);
    }

    private keepJobsInView(): void {
        if (!this.viewsJobs) {
            this.viewsJobs = true;
            const { jobs, cluster, labelSelector, signal } = this.watch;
            void keepJobsInView(jobs, cluster, labelSelector, signal);
        }
    }

    /** Runs a part of the watching. When it fails, all of it ends: an open connection would keep the program from ending. */
    private async guarded<T>(part: () => Promise<T>): Promise<T> {
        try {
            return await part();
        } catch (error) {
            await this.close();
            throw error instanceof SessionError ? error : new SessionError(this.say(error), this.session);
        }
    }

    private say(error: unknown): string {
        if (error instanceof NoAnswer) {
            return error.message;
        }
        const wayOut =
            codeOf(error) === 403
                ? " Watching a session needs the right to get, list and watch pods and to get pods/log in its namespace."
                : " If the session is on another cluster than the kubeconfig's current one, set kubernetes.kubeconfig or kubernetes.context.";
        return `The cluster cannot be looked at: ${formatClusterError(error)}.${wayOut}`;
    }

    private async close(): Promise<void> {
        this.closing.abort();
        if (this.watch !== undefined) {
            // What has ended so soon that nobody followed it yet is shown too.
            await within(flushMs, Promise.all(this.starting));
            await this.followings.close(this.watch.host);
            this.watch.live.close();
        }
    }
}
