/** An engine as it really is, in words that fit every backend. */
export interface LiveEngine {
    /** Distinguishes it from any other in its place: a container's id, or a Pod's uid. */
    id: string;
    /** What the session's outputs call its id. */
    outputId: string;
    ip: string;
    isRunning: boolean;
    /** Whether it runs and its place knows that: a cluster's node says it somewhat later, and of none for a moment when a kubelet starts. */
    isReady: boolean;
    /** Moments in ms; not a number where there was none. */
    createdAt: number;
    startedAt: number;
    finishedAt: number;
    /** The folders of its machine that it sees. */
    hostFolders: string[];
    /** The ports of its machine that lead to it. */
    hostPorts: number[];
}

/** The output of a command in an engine, both streams, and its exit code. */
export interface Executed {
    text: string;
    exitCode: number;
}

/** Where engines run, as the tests inspect it, past Pulumi. */
export interface Site {
    /** The engines of a session by what they call each other: `master`, `worker-1`. Those that are going away do not count. */
    engines(identity: string): Promise<Map<string, LiveEngine>>;
    /** Runs a command in an engine. */
    exec(engine: LiveEngine, ...command: string[]): Promise<Executed>;
    /** Removes an engine at once, behind Pulumi's back. */
    remove(engine: LiveEngine): Promise<void>;
    /** Listens to what an engine prints; the function that it returns gives all that was printed. */
    listen(engine: LiveEngine): Promise<() => string>;
    /** The names of everything that a session has there. What is going away already is given a moment to do so. */
    leftovers(identity: string): Promise<string[]>;
}
