import * as pulumi from "@pulumi/pulumi";
import { PlannedEngine } from "../model/plan";
import { EngineState } from "./engineState";
import { FoundEngine } from "./replacements";

/** The engines of a backend, each known by its key: a container's id, a Pod's name, or a Job with a rank. */
export interface EngineHost {
    /** How late the backend may report that an engine has ended, in ms. */
    readonly reportLagMs: number;
    /** The state of an engine; one that does not exist is stopped. */
    inspect(key: string): Promise<EngineState>;
    /** Waits until an engine runs, has ended, or will not start. */
    untilStarted(key: string, signal: AbortSignal): Promise<EngineState>;
    /**
     * Waits until an engine has ended or will never run. `restarted` gets each end after which the backend starts it again: a failure, with
     * its number, or an engine that was taken away, without one.
     */
    untilEnded(key: string, signal: AbortSignal, restarted: (failed: EngineState) => void): Promise<EngineState>;
    /** Ends an engine: by SIGTERM, and by SIGKILL after so many seconds. Its resource stays. */
    end(key: string, stopSeconds: number): Promise<void>;
    /** The last lines that an engine printed; undefined where its output cannot be read. */
    readTail(key: string): Promise<string | undefined>;
    /**
     * Waits until an engine has joined, by its `joinCheck`, or has ended. False where the signal ended the waiting.
     */
    untilJoined(engine: CreatedEngine, signal: AbortSignal): Promise<boolean>;
    /** What the last run of an engine's `joinCheck` printed; undefined where that cannot be read. */
    readJoinCheck(key: string): Promise<string | undefined>;
    /** Whether the session has a worker, in any state. */
    hasWorkers(): Promise<boolean>;
}

/** An engine of the session and the resource that it is known by. */
export interface CreatedEngine {
    engine: PlannedEngine;
    resource: pulumi.Resource;
    /** What the backend knows it by. */
    id: string;
    urn: string;
    /** The command that finds out whether it has joined, where `up` waits for that. */
    joinCheck?: readonly string[];
    /** Whether other engines share the resource, so that it is never replaced for this one alone. */
    isOneOfMany?: boolean;
}

/** A text that arrives over a connection. */
export interface Source {
    /** Hands over all of it as it comes. To be called once, and at once. */
    read(take: (chunk: Buffer) => void): void;
    /** Settles when nothing more arrives. */
    ended: Promise<void>;
    /** Closes the connection. */
    end(): void;
}

/** The ports on which an engine listens, or the program that its image lacks for finding out. */
export type Listening = Set<number> | { lacks: string };

/** A connection to the place that runs a session, and what an `up` does there. */
export interface Runtime<Findings = unknown> extends EngineHost {
    /** What the declared resources need to know of the place. */
    findings: Findings;
    /** The engines that have failed and are recreated. */
    recreated: FoundEngine[];
    /** What the place gives to engines and must not be shown. */
    secrets: string[];
    /** Removes what is in the way of the resources to create. Returns what it removed, as `the container x`. */
    removeLeftovers(): Promise<string[]>;
    /** Does to the new engines of one resource what its provider cannot. Returns leftovers that it removed. */
    attend(created: CreatedEngine[]): Promise<string[]>;
    /** Throws what `attend` would, as far as it is known before: a preview changes nothing. */
    foresee(created: CreatedEngine[]): void;
    /** Takes note that Pulumi knows a shared resource. Returns leftovers that it removed. */
    attendShared(resourceId: string): Promise<string[]>;
    /** Opens the output of an engine, and of those that replace it while the connection is kept. */
    follow(created: CreatedEngine, opened: (key: string, output: Source) => void): Promise<void>;
    /** On which ports an engine listens. Once it is late, the runtime may spend more on the answer. */
    listening(created: CreatedEngine, isLate: boolean): Promise<Listening>;
    /** Why an engine has not started, in the words of the place. */
    explainPending(key: string): Promise<string>;
    /** The aliases of the workers that were there before and stay beside this master. */
    stayingWorkers(master: CreatedEngine): Promise<ReadonlySet<string>>;
    /** Prepares engines for the time when no `up` watches them. */
    settle(created: CreatedEngine[]): Promise<void>;
    /** Removes what Pulumi, which was killed, was about to create. */
    abandon(): Promise<void>;
    close(): void;
}
