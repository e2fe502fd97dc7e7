import type { Docker } from "../dockerode";
import { SessionContext } from "../../model/context";
import { SessionError } from "../../model/errors";
import { NoAnswer } from "../../observing/time";
import { identityOf } from "../../model/labels";
import { Status } from "../../model/outputs";
import { EngineState } from "../../observing/engineState";
import { CreatedEngine, Listening, Runtime, Source } from "../../observing/runtime";
import { connect } from "./connect";
import { endContainer, limitPids, setRestartPolicy, startCreated } from "./containerUpdates";
import { inspectContainer, untilEnded } from "./containerState";
import { packArchive } from "./filling/archive";
import { fill } from "./filling/fill";
import { HostSettings } from "../hostSettings";
import { contentsOf } from "../readOnlyRoot";
import { resolveHost } from "./host";
import { Owner } from "../owner";
import { tokenOf } from "../generation";
import { FoundContainer, Inventory, takeInventory, workerAliases } from "./inventory";
import { JoinChecks } from "./inside/joining";
import { MissingCat, portsListening } from "./inside/listening";
import { openOutput, readTail } from "./logs";
import { reportPaused } from "./pauses";
import { NamedMount } from "./preflight/mounts";
import { Preflight, ResourceDemand, preflight } from "./preflight/preflight";
import {
    HostFindings,
    HostReplacements,
    findInTheWay,
    findingsOf,
    planHostReplacements,
    removeOld,
    removeVolumes,
} from "./replacements";
import { formatDaemonError, withRetry } from "./retry";

/** Where the Docker host of a session is, and what the session needs there. */
export interface HostLocation {
    settings: HostSettings;
    demands: ResourceDemand[];
    /** What the engines mount. */
    mounts: NamedMount[];
    /** What the state of the session alone has. */
    uid?: string;
}

/** Connects to the Docker host of a session and inspects it: everything that would make the session fail is reported at once. */
export async function openHost(
    { settings, uid, ...demands }: HostLocation,
    context: SessionContext,
    signal?: AbortSignal,
): Promise<ContainerRuntime> {
    try {
        const host = resolveHost(settings, process.env);
        const docker = await connect(host);
        const owner = { name: identityOf(context.plan.name), uid };
        const found = await preflight({ docker, host }, context.plan, { ...demands, owner }, context.session);
        const looking = reportPaused(docker, owner, context.session, signal);
        // In a preview, one look is all.
        await (signal === undefined && looking);
        return new ContainerRuntime(docker, context, found, signal);
    } catch (error) {
        if (error instanceof SessionError) {
            throw error;
        }
        const isClear = error instanceof NoAnswer;
        const text = isClear ? error.message : `Cannot inspect the Docker host: ${formatDaemonError(error)}.`;
        throw new SessionError(text, context.session);
    }
}

/** The containers of a Docker host as engines. An engine is attended first, and that starts it, so none has yet to start. */
export class ContainerRuntime implements Runtime<HostFindings> {
    /** The daemon reports an end at once. */
    readonly reportLagMs = 0;
    readonly findings: HostFindings;
    readonly recreated: FoundContainer[];
    readonly secrets: string[] = [];
    private readonly owner: Owner;
    /** The host's clock at the start, in ms: a container that was started later is of this `up`. */
    private readonly hostTime: number;
    /** The files of the engines, all of which have the same. */
    private archive?: Promise<Buffer>;
    private readonly joinChecks: JoinChecks;

    constructor(
        private readonly docker: Docker,
        private readonly context: SessionContext,
        private readonly found: Preflight,
        private readonly signal?: AbortSignal,
    ) {
        this.owner = found.owner;
        this.joinChecks = new JoinChecks(docker);
        this.hostTime = found.hostTime;
        const replacements = this.planReplacements(found.inventory);
        this.recreated = replacements.recreated;
        this.findings = findingsOf(found, replacements);
    }

    async inspect(id: string): Promise<EngineState> {
        const state = await inspectContainer(this.docker, id);
        return { ...state, isNew: state.startedAt >= this.hostTime };
    }

    untilStarted(id: string): Promise<EngineState> {
        return this.inspect(id);
    }

    untilEnded(id: string, signal: AbortSignal, restarted: (failed: EngineState) => void): Promise<EngineState> {
        return untilEnded(this.docker, id, signal, restarted);
    }

    end(id: string, stopSeconds: number): Promise<void> {
        return endContainer(this.docker, id, stopSeconds);
    }

    untilJoined({ id, joinCheck }: CreatedEngine, signal: AbortSignal): Promise<boolean> {
        return this.joinChecks.untilJoined(id, joinCheck!, signal);
    }

    readJoinCheck(id: string): Promise<string | undefined> {
        return Promise.resolve(this.joinChecks.lastOf(id));
    }

    async hasWorkers(): Promise<boolean> {
        return (await workerAliases(this.docker, this.owner)).size > 0;
    }

    readTail(id: string): Promise<string | undefined> {
        return readTail(this.docker, id);
    }

    async removeLeftovers(): Promise<string[]> {
        const { inventory } = this.found;
        const removed = await removeOld(this.docker, this.planReplacements(inventory));
        // Pulumi reports these itself.
        await this.removeInTheWay(findInTheWay(this.context.plan, inventory));
        return removed;
    }

    private async removeInTheWay(containers: FoundContainer[]): Promise<void> {
        const stopSeconds = Math.max(...this.context.plan.groups.map(({ template }) => template.stopSeconds));
        await Promise.all(containers.map(({ id }) => endContainer(this.docker, id, stopSeconds)));
        await removeOld(this.docker, { containers, networks: [] });
    }

    /** Limits the processes of containers, which the provider has no property for, and starts them: a program has no moment without the limit. */
    async attend(created: CreatedEngine[]): Promise<string[]> {
        const { pidsLimit } = this.context.plan.docker;
        await Promise.all(created.map((each) => this.start(each)));
        // One that was started before has the limit already, unless the argument has changed.
        await Promise.all(created.map(({ id }) => limitPids(this.docker, id, pidsLimit)));
        return [];
    }

    private async start({ id, engine, resource }: CreatedEngine): Promise<void> {
        try {
            await startCreated(this.docker, id, () => this.prepare(id));
        } catch (error) {
            if (error instanceof NoAnswer) {
                throw error;
            }
            throw new SessionError(`${engine.name} could not be started: ${formatDaemonError(error)}.`, resource);
        }
    }

    private async prepare(id: string): Promise<void> {
        const { plan } = this.context;
        if (this.found.limitsCreated) {
            await limitPids(this.docker, id, plan.docker.pidsLimit);
        }
        if (plan.readOnlyRoot) {
            await fill(this.docker, id, await (this.archive ??= packArchive(contentsOf(plan))));
        }
    }

    foresee(): void {
        // What a host refuses is found by its inspection.
    }

    /** Removes the volumes of the shared folder that an `up` which was killed has left beside this one. */
    attendShared(volume: string): Promise<string[]> {
        return removeVolumes(
            this.docker,
            this.found.inventory.volumes.filter((each) => each.name !== volume),
        );
    }

    async follow({ id }: CreatedEngine, opened: (key: string, output: Source) => void): Promise<void> {
        const { isNew, status } = await this.inspect(id);
        if (isNew || status === Status.Running) {
            const since = isNew ? 0 : this.hostTime;
            opened(id, await withRetry(() => openOutput(this.docker, id, since), this.signal));
        }
    }

    async listening({ id }: CreatedEngine): Promise<Listening> {
        try {
            return (await withRetry(() => portsListening(this.docker, id), this.signal)) ?? new Set();
        } catch (error) {
            if (error instanceof MissingCat) {
                return { lacks: "cat" };
            }
            throw error;
        }
    }

    explainPending(): Promise<string> {
        return Promise.resolve("The daemon gives no reason.");
    }

    /** A new master has replaced every worker before it was created. */
    stayingWorkers(): Promise<ReadonlySet<string>> {
        return withRetry(() => workerAliases(this.docker, this.owner), this.signal);
    }

    /** Lets the daemon start services again when no `up` watches them. */
    async settle(created: CreatedEngine[]): Promise<void> {
        await Promise.all(created.map((each) => setRestartPolicy(this.docker, each)));
    }

    /** Removes the containers that nobody wrote down, and a volume that is in no use yet. */
    async abandon(): Promise<void> {
        const inventory = await takeInventory(this.docker, this.owner, this.context.plan.docker.pidsLimit);
        await removeOld(this.docker, this.planReplacements(inventory));
        const before = this.found.inventory.volumes.map(({ name }) => name);
        await removeVolumes(
            this.docker,
            inventory.volumes.filter(({ name }) => !before.includes(name)),
        );
    }

    private planReplacements(inventory: Inventory): HostReplacements {
        return planHostReplacements(this.context.plan, inventory, tokenOf(this.hostTime, this.owner.uid));
    }

    close(): void {
        // Each request has a connection of its own.
    }
}
