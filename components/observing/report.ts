import { Engine } from "../outputs";
import { EngineHost } from "./engineHost";
import { Sighting } from "./verdict";
import { CreatedEngine } from "./watch";

/** What an observer tells of an engine; its address where the backend decides it, and not the plan. */
export type ObservedEngine = Omit<Engine, "ip"> & { ip?: string };

/**
 * Tells how an engine was seen. Its output is told once it has ended (until then, it would be another one at each `up`), unless that
 * is not wanted.
 */
export async function report(
    host: EngineHost,
    created: CreatedEngine,
    seen: Sighting,
    withOutput = true,
): Promise<ObservedEngine> {
    const { id = created.id, ip, status, exitCode } = seen;
    return {
        name: created.engine.name,
        id,
        status,
        ...(ip === undefined ? {} : { ip }),
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(exitCode === undefined || !withOutput ? {} : { logs: await host.readTail(created.id) }),
    };
}
