import * as pulumi from "@pulumi/pulumi";
import { setMaxListeners } from "events";
import { SessionError } from "../../model/errors";
import { Followings, Mask } from "../../observing/output";
import { awaitAndJudge, failOn } from "../../observing/failures";
import { NoAnswer } from "../../observing/time";
import { endWithPulumi } from "../../observing/pulumiGone";
import { ObservedEngine, report, Restarts, CreatedEngine } from "../../observing/runtime";
import { reportRemoved, reportRecreated } from "../../observing/replacements";
import { Status } from "../../model/outputs";
import { Plan } from "../../model/plan";
import { ContainerHost } from "./containerHost";
import { limitPids, setRestartPolicy } from "./containerUpdates";
import { HostSettings } from "../hostSettings";
import { identityOf } from "../../model/labels";
import { takeInventory } from "./inventory";
import { follow } from "./logs";
import type { DockerObserver, OpenedHost } from "./observer";
import { openHost } from "./openHost";
import { ResourceDemand } from "./preflight/preflight";
import { untilMasterListens } from "./readiness";
import { formatDaemonError, withRetry } from "./retry";
import { inspectContainer } from "./containerState";
import { HostReplacements, planHostReplacements, removeOld } from "./replacements";
import { DockerWatch } from "./watch";

/**
 * Watches the engines through the Docker Engine API while `up` runs. Nothing of the provider is held up meanwhile: the engines are
 * resources that were created at once.
 */
export class Watcher implements DockerObserver {
    private readonly closing = new AbortController();
    private readonly followings = new Followings();
    private readonly mask = new Mask();
    private readonly restarts = new Restarts();
    private watch!: DockerWatch;
    private warnedOfOutput = false;

    constructor(
        private readonly plan: Plan,
        private readonly session: pulumi.Resource,
    ) {
        // Each engine that is waited for listens; Node takes more than ten for a leak.
        setMaxListeners(0, this.closing.signal);
    }

    async open(settings: HostSettings, demands: ResourceDemand[]): Promise<OpenedHost> {
        const { docker, subnet, hostTime, inventory } = await openHost(settings, this.plan, demands, this.session);
        const [identity, { signal }] = [identityOf(this.plan.name), this.closing];
        const host = new ContainerHost(docker, hostTime, this.mask, identity);
        const reportRestart = this.restarts.report;
        const replacements = planHostReplacements(this.plan, inventory, hostTime);
        const recreated = new Set(replacements.recreated.map(({ rank }) => rank));
        this.watch = { host, docker, plan: this.plan, identity, recreated, hostTime, signal, reportRestart };
        endWithPulumi(signal, () => this.clearUp());
        await this.guarded(() => this.makeRoom(replacements));
        return { subnet, replacements };
    }

    /** Limits the container's processes and shows what it prints. */
    attend(created: CreatedEngine): Promise<void> {
        return this.guarded(async () => {
            await this.mask.learn(created);
            this.restarts.know(created);
            const { id, resource } = created;
            const { docker, hostTime } = this.watch;
            const seen = await inspectContainer(docker, id);
            await limitPids(docker, id, this.plan.docker.pidsLimit);
            const isNew = seen.startedAt >= hostTime;
            if (isNew || seen.status === Status.Running) {
                const show = (lines: string) => pulumi.log.info(lines, resource);
                try {
                    const following = await withRetry(() => follow(docker, id, isNew ? 0 : hostTime, this.mask, show));
                    this.followings.keep(id, following);
                } catch (error) {
                    await this.warnOfOutput(error);
                }
            }
        });
    }

    /** One warning is enough: a log driver that cannot be read is mostly that of all engines. */
    private async warnOfOutput(error: unknown): Promise<void> {
        if ((error as { statusCode?: number }).statusCode !== 501) {
            throw error;
        }
        if (!this.warnedOfOutput) {
            this.warnedOfOutput = true;
            const text = `What the engines print is not shown: The Docker daemon failed: ${formatDaemonError(error)}.`;
            await pulumi.log.warn(text, this.session);
        }
    }

    untilMasterListens(master: CreatedEngine): Promise<void> {
        return this.guarded(async () => {
            failOn(await untilMasterListens(this.watch, master), this.session);
        });
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        return this.guarded(async () => {
            const engines = [master, ...workers];
            const { host } = this.watch;
            const seen = await awaitAndJudge(this.watch, master, workers, this.session);
            await Promise.all(engines.map((each) => setRestartPolicy(this.watch.docker, each)));
            await this.close();
            return Promise.all(engines.map((engine, index) => report(host, engine, seen[index]!)));
        });
    }

    /** Ends the watching when the engine was killed, and removes what it was about to create: nobody else will know of it. */
    private async clearUp(): Promise<void> {
        const { docker, identity, hostTime } = this.watch;
        await this.guarded(async () => {
            const inventory = await takeInventory(docker, identity, this.plan.docker.pidsLimit);
            await removeOld(docker, planHostReplacements(this.plan, inventory, hostTime));
        }).catch(() => undefined);
        await this.close();
    }

    private async makeRoom(replacements: HostReplacements): Promise<void> {
        await reportRecreated(this.plan, replacements.recreated, this.session);
        await reportRemoved(await removeOld(this.watch.docker, replacements), this.session);
    }

    /** Runs a part of the watching. When it fails, all of it ends: an open connection would keep the program from ending. */
    private async guarded<T>(part: () => Promise<T>): Promise<T> {
        try {
            return await part();
        } catch (error) {
            await this.close();
            if (error instanceof SessionError) {
                throw error;
            }
            const text =
                error instanceof NoAnswer ? error.message : `The Docker daemon failed: ${formatDaemonError(error)}.`;
            throw new SessionError(text, this.session);
        }
    }

    /** Ends all watching. */
    private async close(): Promise<void> {
        this.closing.abort();
        await this.followings.close(this.watch.host);
    }
}
