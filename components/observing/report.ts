import { Engine } from "../outputs";
import { EngineHost } from "./engineHost";
import { Sighting } from "./verdict";
import { CreatedEngine } from "./watch";

/** What an observer tells of an engine; its address where the backend decides it, and not the plan. */
export type ObservedEngine = Omit<Engine, "ip"> & { ip?: string };

/** Tells how an engine was seen. Its output is told once it has ended: until then, it would be another one at each `up`. */
export async function report(host: EngineHost, created: CreatedEngine, seen: Sighting): Promise<ObservedEngine> {
    const end = seen.exitCode === undefined ? {} : { exitCode: seen.exitCode, logs: await host.readTail(created.id) };
    const place = seen.ip === undefined ? {} : { ip: seen.ip };
    return { name: created.engine.name, id: seen.id ?? created.id, status: seen.status, ...place, ...end };
}
