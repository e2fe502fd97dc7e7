import * as state from "@pulumi/pulumi/runtime/state";

/** What the SDK knows of the running program; its types keep this to themselves. */
const { getStore } = state as unknown as { getStore: () => typeof globalThis.globalStore };

/** A message to the user, and its resource. */
export interface Report {
    text: string;
    severity: number;
    urn: string;
}

/** Plays the side of Pulumi that a program reports to, which the SDK calls its engine, while something runs. */
export function withPlayedPulumi<T>(connected: unknown, run: () => Promise<T>): Promise<T> {
    const store = getStore();
    const settings = { ...store.settings, engine: connected as typeof store.settings.engine };
    return globalThis.asyncLocalStorage.run({ ...store, settings }, run);
}

/** Lets something run as in a preview, on no mocks. */
export function inPreview<T>(run: () => Promise<T>): Promise<T> {
    const store = getStore();
    const options = { ...store.settings.options, dryRun: true, monitorAddr: undefined };
    const settings = { ...store.settings, monitor: undefined, options };
    return globalThis.asyncLocalStorage.run({ ...store, settings }, run);
}

/** The messages to the user while something runs. */
export async function reportedDuring(run: () => Promise<void> | void): Promise<Report[]> {
    const reported: Report[] = [];
    const log = (request: any, done: () => void) => {
        reported.push({ text: request.getMessage(), severity: request.getSeverity(), urn: request.getUrn() });
        done();
    };
    await withPlayedPulumi({ log }, async () => {
        await run();
        // A resource's URN is known a moment later.
        await new Promise((resolve) => setTimeout(resolve, 20));
    });
    return reported;
}
