import * as pulumi from "@pulumi/pulumi";
import { SessionError } from "../../model/errors";
import { Mask } from "../../observing/output";
import { BlindObserver, Observer, isOnMocks } from "../../observing/observer";
import { ObservedEngine, CreatedEngine } from "../../observing/runtime";
import { Plan } from "../../model/plan";
import { formatClusterError, openCluster } from "./cluster";
import { Location, inspectSession } from "./opening";
import { PodHost } from "./podHost";
import { reportPod } from "./podOutput";
import { ClusterReplacements, planClusterReplacements } from "./replacements";
import { Watcher } from "./watcher";

/** Looks after the Pods of a session while the program runs. */
export interface KubernetesObserver extends Observer {
    /** Looks at what the session has in the cluster before any engine is created, and tells what is made anew. */
    open(location: Location): Promise<ClusterReplacements>;
    /** Sees to the ConfigMap with the project's files. */
    attendFiles(name: string): Promise<void>;
    /** Gives a Job as many workers as the plan has. */
    scale(job: string, urn: string): Promise<void>;
    /** The address that an engine has now; undefined where that cannot be seen. */
    addressOf(engine: CreatedEngine): Promise<string | undefined>;
}

/** The observer that fits: on mocks it sees nothing, in a preview it only looks, in an `up` it waits and watches. */
export function observerOf(plan: Plan, session: pulumi.Resource): KubernetesObserver {
    if (isOnMocks()) {
        return new MockedClusterObserver(plan);
    }
    return pulumi.runtime.isDryRun() ? new PreviewObserver(plan, session) : new Watcher(plan, session);
}

class MockedClusterObserver extends BlindObserver implements KubernetesObserver {
    constructor(private readonly plan: Plan) {
        super();
    }

    open({ network }: Location): Promise<ClusterReplacements> {
        const nothing = { engines: [], seesJobs: true, files: undefined };
        return Promise.resolve(planClusterReplacements(this.plan, nothing, network, 0));
    }

    attendFiles(): Promise<void> {
        return Promise.resolve();
    }

    scale(): Promise<void> {
        return Promise.resolve();
    }

    addressOf(): Promise<undefined> {
        return Promise.resolve(undefined);
    }
}

class PreviewObserver implements KubernetesObserver {
    private readonly mask = new Mask();
    private host!: PodHost;

    constructor(
        private readonly plan: Plan,
        private readonly session: pulumi.Resource,
    ) {}

    async open(location: Location): Promise<ClusterReplacements> {
        try {
            const { plan, session, mask } = this;
            const cluster = await openCluster(location.settings, location.namespace);
            const inspection = { plan, session, mask, keepWatching: false };
            const opened = await inspectSession(cluster, location.network, inspection);
            this.host = opened.host;
            return opened.replacements;
        } catch (error) {
            const text = `The cluster cannot be looked at: ${formatClusterError(error)}`;
            throw error instanceof SessionError ? error : new SessionError(text, this.session);
        }
    }

    attend(created: CreatedEngine): Promise<void> {
        return this.mask.learn(created);
    }

    attendFiles(): Promise<void> {
        return Promise.resolve();
    }

    scale(): Promise<void> {
        return Promise.resolve();
    }

    untilMasterListens(): Promise<void> {
        return Promise.resolve();
    }

    async addressOf({ id }: CreatedEngine): Promise<string | undefined> {
        return (await this.host.inspect(id)).ip;
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const lookAt = async (engine: CreatedEngine) =>
            reportPod(this.host, engine, await this.host.inspect(engine.id), this.plan);
        return Promise.all([master, ...workers].map(lookAt));
    }
}
