import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { OnWorkerFailure, Wait } from "../args";
import { SessionError } from "../errors";
import { Status } from "../outputs";
import { Plan } from "../plan";
import { Subnet } from "./addressing";
import { awaitWorkers, isFailure } from "./completion";
import { HostSettings } from "./host";
import { sayDaemonError } from "./images";
import { identityOf } from "./labels";
import { Following, follow, readTail } from "./logs";
import type { Observer } from "./observer";
import { openHost } from "./openHost";
import { Demand } from "./preflight";
import { sayMasterFailure, untilMasterListens } from "./readiness";
import { ObservedEngine, report } from "./report";
import { ContainerSighting, look } from "./sighting";
import { CreatedEngine, Failure, Watch } from "./watch";
import { pause, within } from "./within";
import { sayWorkerFailures } from "./workerFailures";

const defaultPidsLimit = 4096;
const flushMs = 2000;
const updateAttempts = 5;
const updatePauseMs = 300;

/**
 * Watches the engines through the Docker Engine API while `up` runs. Nothing of the provider is held up meanwhile: the engines are
 * resources that were created at once.
 */
export class Watcher implements Observer {
    private readonly closing = new AbortController();
    private readonly followings: { id: string; following: Following }[] = [];
    private watch!: Watch;

    constructor(
        private readonly plan: Plan,
        private readonly session: pulumi.Resource,
    ) {}

    async open(settings: HostSettings, demands: Demand[]): Promise<Subnet> {
        const { docker, subnet, hostTime } = await openHost(settings, this.plan, demands, this.session);
        const identity = identityOf(this.plan.name);
        this.watch = { docker, plan: this.plan, identity, hostTime, signal: this.closing.signal };
        return subnet;
    }

    /** Limits the container's processes and shows what it prints. */
    attend({ id, resource }: CreatedEngine): Promise<void> {
        return this.guarded(async () => {
            const { docker, hostTime } = this.watch;
            const seen = await look(docker, id);
            await limitPids(docker, id, this.plan.docker.pidsLimit ?? defaultPidsLimit);
            const isNew = seen.startedAt >= hostTime;
            if (isNew || seen.status === Status.Running) {
                const show = (lines: string) => pulumi.log.info(lines, resource);
                this.keep(id, await follow(docker, id, isNew ? 0 : hostTime, show));
            }
        });
    }

    untilMasterListens(master: CreatedEngine): Promise<void> {
        return this.guarded(async () => {
            this.failOn(await untilMasterListens(this.watch, master));
        });
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        return this.guarded(async () => {
            const engines = [master, ...workers];
            const { docker } = this.watch;
            const seen =
                this.plan.wait === Wait.None
                    ? await Promise.all(engines.map(({ id }) => look(docker, id)))
                    : await this.awaitAndJudge(master, workers);
            await Promise.all(engines.map(({ id }, index) => this.setRestartPolicy(id, seen[index]!)));
            await this.close();
            return Promise.all(engines.map((engine, index) => report(docker, engine, seen[index]!)));
        });
    }

    private async awaitAndJudge(master: CreatedEngine, workers: CreatedEngine[]): Promise<ContainerSighting[]> {
        const ids = workers.map(({ id }) => id);
        const completion = await awaitWorkers(this.watch, master.id, ids);
        if (isFailure(completion.master)) {
            this.failOn(await sayMasterFailure(this.watch, master, completion.master));
        }
        const failure = await sayWorkerFailures(this.watch, workers, completion.workers);
        if (this.plan.onWorkerFailure === OnWorkerFailure.Fail) {
            this.failOn(failure);
        } else if (failure !== undefined) {
            await pulumi.log.warn(failure.text, this.session);
        }
        return [completion.master, ...completion.workers];
    }

    /**
     * In a running session, engines are services: up again after a failure or a restart of the daemon, and down once they have
     * ended by themselves. In any other, they run once.
     */
    private async setRestartPolicy(id: string, seen: ContainerSighting): Promise<void> {
        const policy = this.plan.wait === Wait.Running ? "on-failure" : "no";
        if (seen.status === Status.Running && seen.restartPolicy !== policy) {
            await this.watch.docker.getContainer(id).update({ RestartPolicy: { Name: policy } });
        }
    }

    private failOn(failure: Failure | undefined): void {
        if (failure !== undefined) {
            throw new SessionError(failure.text, failure.resource ?? this.session);
        }
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
            throw new SessionError(`The Docker daemon failed: ${sayDaemonError(error)}.`, this.session);
        }
    }

    private keep(id: string, following: Following): void {
        if (this.closing.signal.aborted) {
            void following.stop();
        } else {
            this.followings.push({ id, following });
        }
    }

    /** Shows what engines that have ended printed last, and ends all watching. */
    private async close(): Promise<void> {
        this.closing.abort();
        const ending = this.followings.splice(0).map(async ({ id, following }) => {
            const seen = await look(this.watch.docker, id).catch(() => undefined);
            if (seen !== undefined && seen.status !== Status.Running) {
                await following.drained(flushMs);
                following.catchUp((await readTail(this.watch.docker, id)) ?? "");
            }
            await within(flushMs, following.stop());
        });
        await Promise.all(ending);
    }
}

/** Limits the processes of a container, which the provider has no property for. One that has ended needs no limit. */
async function limitPids(docker: Docker, id: string, pidsLimit: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
        const seen = await look(docker, id);
        if (seen.status !== Status.Running || seen.pidsLimit === pidsLimit) {
            return;
        }
        try {
            await docker.getContainer(id).update({ PidsLimit: pidsLimit });
        } catch (error) {
            // Between a container's end and the daemon's notice of it, the update fails and the container seems to run.
            if (attempt === updateAttempts) {
                throw error;
            }
            await pause(updatePauseMs);
        }
    }
}
