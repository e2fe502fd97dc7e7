import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { Status } from "../outputs";
import { Plan } from "../plan";
import { Subnet, chooseSubnet, parseSubnet } from "./addressing";
import { HostSettings } from "./host";
import { identityOf } from "./labels";
import { openHost } from "./openHost";
import { Demand } from "./preflight";
import { ObservedEngine, report } from "./report";
import { look } from "./sighting";
import { CreatedEngine } from "./watch";
import { Watcher } from "./watcher";

/** Looks after the engines of a session while the program runs. */
export interface Observer {
    /** Looks at the host before anything is created, and tells the subnet that the session gets. */
    open(settings: HostSettings, demands: Demand[]): Promise<Subnet>;
    /** Sees to a container that was created. */
    attend(engine: CreatedEngine): Promise<void>;
    /** Waits until the master listens on its ports; an error says why it never will. */
    untilMasterListens(master: CreatedEngine): Promise<void>;
    /** Waits for what the plan says, and tells how each engine is doing: the master first, then the workers by rank. */
    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]>;
}

/** The observer that fits: on mocks it sees nothing, in a preview it only looks, in an `up` it waits and watches. */
export function observerOf(plan: Plan, session: pulumi.Resource): Observer {
    // Mocks of another copy of the SDK must count too, so their class is known by its name.
    if (pulumi.runtime.getMonitor()?.constructor.name === "MockMonitor") {
        return new BlindObserver(plan);
    }
    return pulumi.runtime.isDryRun() ? new PreviewObserver(plan, session) : new Watcher(plan, session);
}

class BlindObserver implements Observer {
    constructor(private readonly plan: Plan) {}

    open(): Promise<Subnet> {
        const { subnet } = this.plan.docker;
        return Promise.resolve(
            subnet === undefined ? chooseSubnet(identityOf(this.plan.name), [])! : parseSubnet(subnet)!,
        );
    }

    attend(): Promise<void> {
        return Promise.resolve();
    }

    untilMasterListens(): Promise<void> {
        return Promise.resolve();
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const declared = ({ engine, id }: CreatedEngine) => ({ name: engine.name, id, status: Status.Declared });
        return Promise.resolve([master, ...workers].map(declared));
    }
}

class PreviewObserver implements Observer {
    private docker!: Docker;

    constructor(
        private readonly plan: Plan,
        private readonly session: pulumi.Resource,
    ) {}

    async open(settings: HostSettings, demands: Demand[]): Promise<Subnet> {
        const { docker, subnet } = await openHost(settings, this.plan, demands, this.session);
        this.docker = docker;
        return subnet;
    }

    attend(): Promise<void> {
        return Promise.resolve();
    }

    untilMasterListens(): Promise<void> {
        return Promise.resolve();
    }

    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]> {
        const lookAt = async (engine: CreatedEngine) => report(this.docker, engine, await look(this.docker, engine.id));
        return Promise.all([master, ...workers].map(lookAt));
    }
}
