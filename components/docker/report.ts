import type Docker from "dockerode";
import { Engine } from "../outputs";
import { readTail } from "./logs";
import { ContainerSighting } from "./sighting";
import { CreatedEngine } from "./watch";

/** What an observer tells of an engine: all but its address, which the plan decides. */
export type ObservedEngine = Omit<Engine, "ip">;

/** Tells how an engine was seen. Its output is told once it has ended: until then, it would be another one at each `up`. */
export async function report(
    docker: Docker,
    { engine, id }: CreatedEngine,
    seen: ContainerSighting,
): Promise<ObservedEngine> {
    const end = seen.exitCode === undefined ? {} : { exitCode: seen.exitCode, logs: await readTail(docker, id) };
    return { name: engine.name, id, status: seen.status, ...end };
}
