import * as pulumi from "@pulumi/pulumi";
import { setMaxListeners } from "events";
import { Backend } from "../backend";
import { SessionContext } from "../model/context";
import { SessionError } from "../model/errors";
import { workerCount } from "../model/plan";
import { awaitAndJudge, failOn, failureWithoutSecrets } from "./failures";
import { MissingOutput } from "./missingOutput";
import { Observer } from "./observer";
import { Followings } from "../output/followings";
import { Mask, masked } from "../output/mask";
import { showLines } from "../program/console";
import { endWithPulumi } from "../program/pulumiGone";
import { onUnhandledError } from "../program/rejections";
import { untilMasterListens } from "./readiness";
import { reportRecreated, reportRemoved } from "./replacements";
import { ObservedEngine, Restarts, report } from "./report";
import { CreatedEngine, EngineHost, Runtime } from "./runtime";
import { NoAnswer } from "./time";
import { Watch } from "./watch";

const fateOfEngines = "The engines may still run; the next pulumi up waits for them again.";

/**
 * Watches the engines while `up` runs, through a connection of the program's own. Nothing of the provider is held up meanwhile: the
 * resources count as created at once.
 */
export class UpObserver<Location, Findings> implements Observer<Location, Findings> {
    private readonly closing = new AbortController();
    private readonly mask = new Mask();
    private readonly followings = new Followings(this.mask);
    private readonly restarts = new Restarts();
    private readonly missingOutput: MissingOutput;
    private runtime!: Runtime<Findings>;
    private host!: EngineHost;
    private hasAllEngines = false;

    constructor(
        private readonly backend: Backend<Location, Findings>,
        private readonly context: SessionContext,
    ) {
        // Each engine that is waited for listens; Node takes more than ten listeners for a leak.
        setMaxListeners(0, this.closing.signal);
        this.missingOutput = new MissingOutput(context.session, (error) => backend.explain(error));
        onUnhandledError(this.closing.signal, (error) => this.giveUp(error));
    }

    inspect(location: Location): Promise<Findings> {
        return this.guarded(async () => {
            const { plan, session } = this.context;
            this.mask.learnAll(plan);
            this.runtime = await this.backend.connect(location, this.context, this.closing.signal);
            this.mask.hide(this.runtime.secrets);
            this.host = masked(this.runtime, this.mask);
            this.closing.signal.throwIfAborted();
            endWithPulumi(this.closing.signal, () => this.abandon());
            await reportRecreated(plan, this.runtime.recreated, session);
            await reportRemoved(await this.runtime.removeLeftovers(), session);
            return this.runtime.findings;
        });
    }

    attendShared(resourceId: string): Promise<void> {
        return this.guarded(async () => {
            await reportRemoved(await this.runtime.attendShared(resourceId), this.context.session);
        });
    }

    /** Lets the runtime do its part for new engines, and shows what they print. */
    attend(created: CreatedEngine[]): Promise<void> {
        return this.guarded(async () => {
            for (const each of created) {
                await this.mask.learn(each);
                this.restarts.know(each);
            }
            await reportRemoved(await this.runtime.attend(created), this.context.session);
            const shown = created.filter(({ engine }) => engine.rank === 0 || this.showsWorkers());
            shown.forEach((each) => this.show(each));
        });
    }

    untilMasterListens(master: CreatedEngine): Promise<void> {
        return this.guarded(async () => {
            const watch = { ...this.watch(), runtime: this.runtime };
            failOn(await untilMasterListens(watch, master), this.context.session);
        });
    }

    addressOf({ id, engine }: CreatedEngine, declared: string | undefined): Promise<string> {
        return this.guarded(async () => {
            const ip = (await this.host.inspect(id)).ip ?? declared;
            if (!ip) {
                throw new SessionError(`The master ${engine.name} has no IP address.`, this.context.session);
            }
            return ip;
        });
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        this.hasAllEngines = true;
        return this.guarded(async () => {
            const engines = [master, ...workers];
            const states = await awaitAndJudge(this.watch(), master, workers, this.context.session);
            await this.runtime.settle(engines);
            await this.close();
            const reports = engines.map((each, index) => report(this.host, each, states[index]!, this.showsWorkers()));
            return Promise.all(reports);
        });
    }

    private watch(): Watch {
        const { host, closing, restarts, context } = this;
        return { host, plan: context.plan, signal: closing.signal, reportRestart: restarts.report };
    }

    /** The output of thousands would be as many connections, and a large part of the stack's state. */
    private showsWorkers(): boolean {
        return workerCount(this.context.plan) <= this.backend.mostShownWorkers;
    }

    private show(created: CreatedEngine): void {
        const { engine, resource, isOneOfMany } = created;
        const prefix = isOneOfMany ? `[${engine.name}] ` : "";
        const print = (lines: string) => showLines(lines.replace(/^/gm, prefix), resource);
        this.followings.begin(created.id, print, async (opened) => {
            try {
                await this.runtime.follow(created, opened);
            } catch (error) {
                if (!this.closing.signal.aborted) {
                    this.missingOutput.report(engine.name, error);
                }
            }
        });
    }

    /** Ends the watching when the program has failed: it would wait for ever for an engine that depends on the error. Another session's is its own. */
    private giveUp(error: unknown): void {
        const isOfOther = error instanceof SessionError && error.resource !== this.context.session;
        if (!this.hasAllEngines && !isOfOther) {
            void this.close(error as Error);
        }
    }

    /** Ends the watching when Pulumi was killed. */
    private async abandon(): Promise<void> {
        await this.runtime.abandon().catch(() => undefined);
        await this.close(new Error("Pulumi has ended."));
    }

    /** Runs a part of the watching. When it fails, all of it ends: an open connection would keep the program from ending. */
    private async guarded<T>(part: () => Promise<T>): Promise<T> {
        try {
            return await part();
        } catch (error) {
            const failure = this.failureOf(error);
            await this.close(failure, error instanceof NoAnswer);
            throw failure;
        }
    }

    private failureOf(error: unknown): Error {
        if (error === this.closing.signal.reason) {
            return error as Error;
        }
        const isClear = error instanceof SessionError || error instanceof NoAnswer;
        const words = isClear ? error.message : this.backend.explain(error);
        const text = error instanceof NoAnswer ? `${words} ${fateOfEngines}` : words;
        return failureWithoutSecrets(error, text, { mask: this.mask, session: this.context.session });
    }

    /** Ends all watching. Whatever still waits fails with the reason. Who has not answered is not asked again. */
    private async close(reason?: Error, isSilent = false): Promise<void> {
        this.closing.abort(reason);
        if (this.runtime !== undefined) {
            try {
                const silent = { ...this.host, inspect: () => Promise.reject(reason!) };
                await this.followings.close(isSilent ? silent : this.host);
            } catch (error) {
                // What ended the watching is what is reported.
                void pulumi.log.debug(`The end of the output is missing: ${this.backend.explain(error)}`);
            } finally {
                this.runtime.close();
            }
        }
    }
}
