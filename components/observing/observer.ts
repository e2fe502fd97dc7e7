import * as pulumi from "@pulumi/pulumi";
import { Status } from "../model/outputs";
import { ObservedEngine, CreatedEngine } from "./runtime";

/** Looks after the engines of a session while the program runs. */
export interface Observer {
    /** Sees to an engine that was created. */
    attend(engine: CreatedEngine): Promise<void>;
    /** Waits until the master listens on its ports; an error says why it never will. */
    untilMasterListens(master: CreatedEngine): Promise<void>;
    /** Waits for what the plan says, and tells how each engine is doing: the master first, then the workers by rank. */
    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]>;
}

/** Whether the program runs on Pulumi's mocks, where there is nothing to see. */
export function isOnMocks(): boolean {
    // Mocks of another copy of the SDK must count too, so their class is known by its name.
    return pulumi.runtime.getMonitor()?.constructor.name === "MockMonitor";
}

/** On mocks, every engine is declared and no more. */
export class BlindObserver implements Observer {
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
