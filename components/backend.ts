import * as pulumi from "@pulumi/pulumi";
import { PublishedPlace } from "./endpoints";
import { IdentifiedContext, SessionContext } from "./model/context";
import { PlannedEngine, WorkerGroup } from "./model/plan";
import { Runtime } from "./observing/runtime";

/** One engine of a declared resource. */
export interface DeclaredEngine {
    engine: PlannedEngine;
    /** What the runtime knows it by, from the id of its resource. */
    keyIn: (resourceId: string) => string;
}

/** A resource that is declared for one engine, or for all engines of a group. */
export interface Declared {
    resource: pulumi.CustomResource;
    engines: DeclaredEngine[];
    /** The address of its engine, where the resource has it. */
    ip?: pulumi.Output<string | undefined>;
    /** Whether the resource stands for a whole group, so that it is never replaced for one of its engines. */
    isGroup?: boolean;
}

/** The master as its workers need it. */
export interface ReadyMaster {
    resource: pulumi.CustomResource;
    /** Its address, known once it listens. */
    ip: pulumi.Output<string>;
}

/** What the engines of a session share, and how an engine is declared on it. */
export interface Ground {
    /** Known once the place is inspected. */
    inspected: pulumi.Output<unknown>;
    /** The name of the session's network. */
    network: pulumi.Output<string>;
    /** Shared resources that the runtime marks as known to Pulumi. */
    shared: pulumi.CustomResource[];
    declareMaster(): Declared;
    declareWorkers(group: WorkerGroup, master: ReadyMaster): Declared[];
    /** Where the published ports of the master are reached. */
    publishedPlaces(master: Declared): pulumi.Output<PublishedPlace[]>;
}

/**
 * What differs between the places that run engines. `Location` says where the place is, `Findings` says what an inspection of it found
 * that the declared resources need.
 */
export interface Backend<Location, Findings> {
    /** How many workers there may be for the output of each to be shown; above it, only the output of failed ones is. */
    mostShownWorkers: number;
    /** Declares what the engines share. `inspect` returns the findings: whatever must not be created before the inspection waits for them. */
    declareGround(
        context: IdentifiedContext,
        inspect: (location: pulumi.Output<Location>) => pulumi.Output<Findings>,
    ): Ground;
    /** Connects to the place and inspects it. With a signal, the connections are kept until it aborts; without one, nothing is changed. */
    connect(location: Location, context: SessionContext, signal?: AbortSignal): Promise<Runtime<Findings>>;
    /** The findings in an empty place: for unit tests on mocks. */
    findingsOnMocks(location: Location, context: SessionContext): Findings;
    /** A sentence around the words of the daemon or the API server. */
    explain: (error: unknown) => string;
}
