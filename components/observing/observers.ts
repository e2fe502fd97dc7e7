import * as pulumi from "@pulumi/pulumi";
import { Backend } from "../backend";
import { SessionContext } from "../model/context";
import { SessionError } from "../model/errors";
import { Status } from "../model/outputs";
import { isOnMocks } from "../program/mode";
import { Observer } from "./observer";
import { judgeByMaster } from "./completion";
import { failureWithoutSecrets } from "./failures";
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

    inspect(location: Location): Promise<Findings> {
        return this.guarded(async () => {
            this.mask.learnAll(this.context.plan);
            this.runtime = await this.backend.connect(location, this.context);
            this.mask.hide(this.runtime.secrets);
            return this.runtime.findings;
        });
    }

    attend(created: CreatedEngine[]): Promise<void> {
        return this.guarded(async () => {
            await Promise.all(created.map((each) => this.mask.learn(each)));
            this.runtime.foresee(created);
        });
    }

    addressOf({ id }: CreatedEngine, declared = ""): Promise<string> {
        return this.guarded(async () => (await this.runtime.inspect(id)).ip ?? declared);
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        return this.guarded(async () => {
            const host = masked(this.runtime, this.mask);
            const engines = [master, ...workers];
            const isShown = workers.length <= this.backend.mostShownWorkers;
            const [first, ...states] = await Promise.all(engines.map(({ id }) => host.inspect(id)));
            const judged = [first!, ...states.map((state) => judgeByMaster(this.context.plan, first!, state))];
            return Promise.all(engines.map((engine, index) => report(host, engine, judged[index]!, isShown)));
        });
    }

    private async guarded<T>(part: () => Promise<T>): Promise<T> {
        try {
            return await part();
        } catch (error) {
            const text = error instanceof SessionError ? error.message : this.backend.explain(error);
            throw failureWithoutSecrets(error, text, { mask: this.mask, session: this.context.session });
        }
    }
}
