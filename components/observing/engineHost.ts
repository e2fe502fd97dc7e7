import { Sighting } from "./verdict";

/** What a backend tells of the engines that it runs, each known by its key: a container's id, or a pod's name. */
export interface EngineHost {
    /** Looks at an engine; one that does not exist is seen as stopped. */
    look(key: string): Promise<Sighting>;
    /** Waits until an engine runs, has ended, or will not start, and looks at it. */
    untilStarted(key: string, signal: AbortSignal): Promise<Sighting>;
    /**
     * Waits until an engine has ended or will never run, and looks at it. One that the backend starts again has not ended: each time, how
     * it had failed is told.
     */
    untilEnded(key: string, signal: AbortSignal, restarted: (seen: Sighting) => void): Promise<Sighting>;
    /** The end of what an engine printed; undefined where it cannot be read. */
    readTail(key: string): Promise<string | undefined>;
    /** Whether the session has a worker, in whatever state. */
    hasWorkers(): Promise<boolean>;
}
