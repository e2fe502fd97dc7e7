import * as state from "@pulumi/pulumi/runtime/state";

/** What the SDK knows of the running program; its types keep this to themselves. */
const { getStore } = state as unknown as { getStore: () => typeof globalThis.globalStore };

/** A message to the user, and its resource. */
export interface Told {
    text: string;
    severity: number;
    urn: string;
}

/** Puts an engine that a test plays in the place of Pulumi's own while something runs. */
export function withEngine<T>(engine: unknown, run: () => Promise<T>): Promise<T> {
    const store = getStore();
    const settings = { ...store.settings, engine: engine as typeof store.settings.engine };
    return globalThis.asyncLocalStorage.run({ ...store, settings }, run);
}

/** The messages to the user while something runs. */
export async function toldDuring(run: () => Promise<void> | void): Promise<Told[]> {
    const told: Told[] = [];
    const log = (request: any, done: () => void) => {
        told.push({ text: request.getMessage(), severity: request.getSeverity(), urn: request.getUrn() });
        done();
    };
    await withEngine({ log }, async () => {
        await run();
        // A resource's URN is known a moment later.
        await new Promise((resolve) => setTimeout(resolve, 20));
    });
    return told;
}
