import * as pulumi from "@pulumi/pulumi";
import { EngineHost, ObservedEngine, report, CreatedEngine } from "../../observing/runtime";
import { Mask } from "../../observing/output";
import { BlindObserver, Observer, isOnMocks } from "../../observing/observer";
import { Plan } from "../../model/plan";
import { Subnet, chooseSubnet, parseSubnet } from "../addressing";
import { ContainerHost } from "./containerHost";
import { HostSettings } from "../hostSettings";
import { identityOf } from "../../model/labels";
import { openHost } from "./openHost";
import { ResourceDemand } from "./preflight/preflight";
import { HostReplacements, planHostReplacements } from "./replacements";
import { Watcher } from "./watcher";

/** Looks after the containers of a session while the program runs. */
export interface DockerObserver extends Observer {
    /** Looks at the host before anything is created. */
    open(settings: HostSettings, demands: ResourceDemand[]): Promise<OpenedHost>;
}

/** What was found on the host before anything was created. */
export interface OpenedHost {
    /** The subnet that the session gets. */
    subnet: Subnet;
    /** What is made anew. */
    replacements: HostReplacements;
}

/** The observer that fits: on mocks it sees nothing, in a preview it only looks, in an `up` it waits and watches. */
export function observerOf(plan: Plan, session: pulumi.Resource): DockerObserver {
    if (isOnMocks()) {
        return new MockedHostObserver(plan);
    }
    return pulumi.runtime.isDryRun() ? new PreviewObserver(plan, session) : new Watcher(plan, session);
}

class MockedHostObserver extends BlindObserver implements DockerObserver {
    constructor(private readonly plan: Plan) {
        super();
    }

    open(): Promise<OpenedHost> {
        const asked = this.plan.docker.subnet;
        const subnet = asked === undefined ? chooseSubnet(identityOf(this.plan.name), [])! : parseSubnet(asked)!;
        const nothing = { containers: [], networks: [] };
        return Promise.resolve({ subnet, replacements: planHostReplacements(this.plan, nothing, 0) });
    }
}

class PreviewObserver implements DockerObserver {
    private readonly mask = new Mask();
    private host!: EngineHost;

    constructor(
        private readonly plan: Plan,
        private readonly session: pulumi.Resource,
    ) {}

    async open(settings: HostSettings, demands: ResourceDemand[]): Promise<OpenedHost> {
        const { docker, subnet, hostTime, inventory } = await openHost(settings, this.plan, demands, this.session);
        this.host = new ContainerHost(docker, hostTime, this.mask, identityOf(this.plan.name));
        return { subnet, replacements: planHostReplacements(this.plan, inventory, hostTime) };
    }

    attend(created: CreatedEngine): Promise<void> {
        return this.mask.learn(created);
    }

    untilMasterListens(): Promise<void> {
        return Promise.resolve();
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const lookAt = async (engine: CreatedEngine) => report(this.host, engine, await this.host.inspect(engine.id));
        return Promise.all([master, ...workers].map(lookAt));
    }
}
