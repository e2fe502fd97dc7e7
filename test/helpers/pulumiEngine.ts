import settings = require("@pulumi/pulumi/runtime/settings");

/** What the user is told, and under which resource. */
export interface Told {
    text: string;
    severity: number;
    urn: string;
}

/** Puts an engine that a test plays in the place of Pulumi's own while something runs. */
export async function withEngine<T>(engine: unknown, run: () => Promise<T>): Promise<T> {
    const changeable = settings as { getEngine: () => unknown };
    const { getEngine } = changeable;
    changeable.getEngine = () => engine;
    try {
        return await run();
    } finally {
        changeable.getEngine = getEngine;
    }
}

/** What the user is told while something runs. */
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
