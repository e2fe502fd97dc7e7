import * as pulumi from "@pulumi/pulumi";
import { SessionError } from "../errors";
import { label } from "../labels";
import { Mask } from "../observing/mask";
import { BlindObserver, Observer, isOnMocks } from "../observing/observer";
import { ObservedEngine } from "../observing/report";
import { CreatedEngine } from "../observing/watch";
import { Plan } from "../plan";
import { ClusterSettings, openCluster, sayClusterError } from "./cluster";
import { LivePods } from "./livePods";
import { PodHost } from "./podHost";
import { reportPod } from "./podReport";
import { Watcher } from "./watcher";

/** Looks after the Pods of a session while the program runs. */
export interface KubernetesObserver extends Observer {
    /** Looks at what the session has in the cluster before any engine is created. */
    open(settings: ClusterSettings, namespace: string, network: string): Promise<void>;
    /** Gives a Job as many workers as the plan has. */
    scale(job: string, urn: string): Promise<void>;
    /** The address that an engine has now; undefined where that cannot be seen. */
    addressOf(engine: CreatedEngine): Promise<string | undefined>;
}

/** The observer that fits: on mocks it sees nothing, in a preview it only looks, in an `up` it waits and watches. */
export function observerOf(plan: Plan, session: pulumi.Resource): KubernetesObserver {
    if (isOnMocks()) {
        return new MockedClusterObserver();
    }
    return pulumi.runtime.isDryRun() ? new PreviewObserver(plan, session) : new Watcher(plan, session);
}

class MockedClusterObserver extends BlindObserver implements KubernetesObserver {
    open(): Promise<void> {
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

    async open(settings: ClusterSettings, namespace: string, network: string): Promise<void> {
        try {
            const cluster = await openCluster(settings, namespace);
            const live = await LivePods.open(cluster, `${label.network}=${network}`, false);
            this.host = new PodHost(cluster, live, this.plan, this.mask);
        } catch (error) {
            throw new SessionError(`The cluster cannot be looked at: ${sayClusterError(error)}`, this.session);
        }
    }

    attend(created: CreatedEngine): Promise<void> {
        return this.mask.learn(created);
    }

    scale(): Promise<void> {
        return Promise.resolve();
    }

    untilMasterListens(): Promise<void> {
        return Promise.resolve();
    }

    async addressOf({ id }: CreatedEngine): Promise<string | undefined> {
        return (await this.host.look(id)).ip;
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const lookAt = async (engine: CreatedEngine) =>
            reportPod(this.host, engine, await this.host.look(engine.id), this.plan);
        return Promise.all([master, ...workers].map(lookAt));
    }
}
