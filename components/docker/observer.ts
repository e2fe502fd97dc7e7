import * as pulumi from "@pulumi/pulumi";
import { OnWorkerFailure, Wait } from "../args";
import { SessionError } from "../errors";
import { Engine, Status } from "../outputs";
import { Plan } from "../plan";
import { Subnet, chooseSubnet, parseSubnet } from "./addressing";
import { Completion, awaitWorkers, isFailure } from "./completion";
import { connect } from "./connect";
import { DockerHost } from "./host";
import { identityOf } from "./labels";
import { Following, follow, readTail } from "./logs";
import { Demand, preflight } from "./preflight";
import { sayMasterFailure, untilMasterListens } from "./readiness";
import { ContainerSighting, look } from "./sighting";
import { CreatedEngine, Failure, Watch } from "./watch";
import { within } from "./within";
import { sayWorkerFailures } from "./workerFailures";

/** What the observer tells of an engine: all but its address, which the plan decides. */
export type ObservedEngine = Omit<Engine, "ip">;

const defaultPidsLimit = 4096;
const flushMs = 2000;

/**
 * Watches the engines of a session through the Docker Engine API while the program runs. Nothing of the provider is held up
 * meanwhile: the engines are resources that were created at once. In a preview it only looks; on mocks it sees nothing.
 */
export class Observer {
    private readonly closing = new AbortController();
    private readonly followings: { id: string; following: Following }[] = [];
    // Mocks of another copy of the SDK must count too, so their class is known by its name.
    private readonly isBlind = pulumi.runtime.getMonitor()?.constructor.name === "MockMonitor";
    private readonly looksOnly = pulumi.runtime.isDryRun();
    private watch!: Watch;

    constructor(
        private readonly plan: Plan,
        private readonly session: pulumi.Resource,
    ) {}

    /** Looks at the host before anything is created, and tells the subnet that the session gets. */
    async open(host: DockerHost, demands: Demand[]): Promise<Subnet> {
        const identity = identityOf(this.plan.name);
        const asked = this.plan.docker.subnet;
        if (this.isBlind) {
            return asked === undefined ? chooseSubnet(identity, [])! : parseSubnet(asked)!;
        }
        const docker = await connect(host);
        const { subnet, hostTime } = await preflight(docker, host, identity, asked, demands, this.session);
        this.watch = { docker, plan: this.plan, identity, hostTime, signal: this.closing.signal };
        return subnet;
    }

    /** Sees to a container that was created: limits its processes, which the provider cannot, and shows what it prints. */
    async attend({ id, resource }: CreatedEngine): Promise<void> {
        if (this.isBlind || this.looksOnly) {
            return;
        }
        const { docker, hostTime } = this.watch;
        const seen = await look(docker, id);
        const pidsLimit = this.plan.docker.pidsLimit ?? defaultPidsLimit;
        if (seen.pidsLimit !== pidsLimit && seen.status !== Status.Stopped) {
            await docker.getContainer(id).update({ PidsLimit: pidsLimit });
        }
        const isNew = seen.startedAt >= hostTime;
        if (isNew || seen.status === Status.Running) {
            const show = (lines: string) => pulumi.log.info(lines, resource);
            this.followings.push({ id, following: await follow(docker, id, isNew ? 0 : hostTime, show) });
        }
    }

    /** Waits until the master listens on its ports; an error says why it never will. */
    async untilMasterListens(master: CreatedEngine): Promise<void> {
        if (this.isBlind || this.looksOnly) {
            return;
        }
        const failure = await untilMasterListens(this.watch, master);
        if (failure !== undefined) {
            await this.fail(failure);
        }
    }

    /** Waits for what the plan says, and tells how each engine is doing: the master first, then the workers by rank. */
    async untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const engines = [master, ...workers];
        if (this.isBlind) {
            return engines.map(({ engine, id }) => ({ name: engine.name, id, status: Status.Declared }));
        }
        const waits = !this.looksOnly && this.plan.wait !== Wait.None;
        const seen = waits
            ? await this.awaitAndJudge(master, workers)
            : await Promise.all(engines.map(({ id }) => look(this.watch.docker, id)));
        await this.close();
        return Promise.all(engines.map((engine, index) => this.report(engine, seen[index]!)));
    }

    private async awaitAndJudge(master: CreatedEngine, workers: CreatedEngine[]): Promise<ContainerSighting[]> {
        const ids = workers.map(({ id }) => id);
        const completion: Completion = await awaitWorkers(this.watch, master.id, ids);
        if (isFailure(completion.master)) {
            await this.fail(await sayMasterFailure(this.watch, master, completion.master));
        }
        const failure = await sayWorkerFailures(this.watch, workers, completion.workers);
        if (failure !== undefined && this.plan.onWorkerFailure === OnWorkerFailure.Fail) {
            await this.fail(failure);
        }
        if (failure !== undefined) {
            await this.close();
            await pulumi.log.warn(failure.text, this.session);
        }
        return [completion.master, ...completion.workers];
    }

    private async report({ engine, id }: CreatedEngine, seen: ContainerSighting): Promise<ObservedEngine> {
        const end =
            seen.exitCode === undefined ? {} : { exitCode: seen.exitCode, logs: await readTail(this.watch.docker, id) };
        return { name: engine.name, id, status: seen.status, ...end };
    }

    private async fail(failure: Failure): Promise<never> {
        await this.close();
        throw new SessionError(failure.text, failure.resource ?? this.session);
    }

    /** Shows what is left to show and ends all watching: open connections would keep the program from ending. */
    private async close(): Promise<void> {
        for (const { id, following } of this.followings.splice(0)) {
            const seen = await look(this.watch.docker, id);
            await (seen.status === Status.Running ? following.stop() : within(flushMs, following.ended));
            await following.stop();
        }
        this.closing.abort();
    }
}
