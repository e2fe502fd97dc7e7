import { CreatedEngine } from "./runtime";
import { ObservedEngine } from "./report";

/** What observes the engines of a session while its program runs. */
export interface Observer<Location, Findings> {
    /** Inspects the place before anything is created there. */
    inspect(location: Location): Promise<Findings>;
    /** Attends to a shared resource that was created. */
    attendShared(resourceId: string): Promise<void>;
    /** Attends to the engines of a resource that was created. */
    attend(created: CreatedEngine[]): Promise<void>;
    /** Waits until the master listens on its ports; an error says why it never will. */
    untilMasterListens(master: CreatedEngine): Promise<void>;
    /** The address that an engine has now, or else the one of its resource. */
    addressOf(engine: CreatedEngine, declared: string | undefined): Promise<string>;
    /** Waits for what the plan waits for. Returns the state of each engine: the master first, then the workers by rank. */
    untilSettled(master: CreatedEngine, workers: CreatedEngine[]): Promise<ObservedEngine[]>;
}
