import * as pulumi from "@pulumi/pulumi";
import { Backend } from "../backend";
import { SessionContext } from "../model/context";
import { SessionError } from "../model/errors";
import { Status } from "../model/outputs";
import { isOnMocks } from "../program/mode";
import { Observer } from "./observer";
import { judgeByMaster } from "./completion";
import { Mask, masked } from "../output/mask";
import { ObservedEngine, report } from "./report";
import { CreatedEngine, Runtime } from "./runtime";
import { UpObserver } from "./upObserver";

/** The observer that fits: on mocks it sees nothing, in a preview it only inspects, in an `up` it waits and watches. */
export function observerOf<Location, Findings>(
    backend: Backend<Location, Findings>,
    context: SessionContext,
): Observer<Location, Findings> {
    if (isOnMocks()) {
        return new MockObserver(backend, context);
    }
    const Kind = pulumi.runtime.isDryRun() ? PreviewObserver : UpObserver;
    return new Kind(backend, context);
}

/** What mocks and previews have in common: they change nothing and wait for nothing. */
abstract class IdleObserver {
    attendShared(): Promise<void> {
        return Promise.resolve();
    }

    untilMasterListens(): Promise<void> {
        return Promise.resolve();
    }
}

/** On mocks, every engine is declared and no more. */
class MockObserver<Location, Findings> extends IdleObserver implements Observer<Location, Findings> {
    constructor(
        private readonly backend: Backend<Location, Findings>,
        private readonly context: SessionContext,
    ) {
        super();
    }

    inspect(location: Location): Promise<Findings> {
        return Promise.resolve(this.backend.findingsOnMocks(location, this.context));
    }

    attend(): Promise<void> {
        return Promise.resolve();
    }

    addressOf(_engine: CreatedEngine, declared = ""): Promise<string> {
        return Promise.resolve(declared);
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const declared = ({ engine, id }: CreatedEngine) => ({ name: engine.name, id, status: Status.Declared });
        return Promise.resolve([master, ...workers].map(declared));
    }
}

/** In a preview, the engines that exist are inspected. */
class PreviewObserver<Location, Findings> extends IdleObserver implements Observer<Location, Findings> {
    private readonly mask = new Mask();
    private runtime!: Runtime<Findings>;

    constructor(
        private readonly backend: Backend<Location, Findings>,
        private readonly context: SessionContext,
    ) {
        super();
    }

    async inspect(location: Location): Promise<Findings> {
        try {
            this.runtime = await this.backend.connect(location, this.context);
            this.mask.hide(this.runtime.secrets);
            return this.runtime.findings;
        } catch (error) {
            throw error instanceof SessionError
                ? error
                : new SessionError(this.backend.explain(error), this.context.session);
        }
    }

    async attend(created: CreatedEngine[]): Promise<void> {
        await Promise.all(created.map((each) => this.mask.learn(each)));
        this.runtime.foresee(created);
    }

    async addressOf({ id }: CreatedEngine, declared = ""): Promise<string> {
        return (await this.runtime.inspect(id)).ip ?? declared;
    }

    async untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const host = masked(this.runtime, this.mask);
        const isShown = workers.length <= this.backend.mostShownWorkers;
        const [masterState, ...states] = await Promise.all([master, ...workers].map(({ id }) => host.inspect(id)));
        const judged = [masterState!, ...states.map((state) => judgeByMaster(this.context.plan, masterState!, state))];
        return Promise.all([master, ...workers].map((engine, index) => report(host, engine, judged[index]!, isShown)));
    }
}
