import type Docker from "dockerode";
import { EngineHost } from "../observing/engineHost";
import { Sighting } from "../observing/verdict";
import { readTail } from "./logs";
import { look, untilEnded } from "./sighting";

/** The containers of a Docker host as engines. A container is created and started in one, so none has yet to start. */
export class ContainerHost implements EngineHost {
    constructor(private readonly docker: Docker) {}

    look(id: string): Promise<Sighting> {
        return look(this.docker, id);
    }

    untilStarted(id: string): Promise<Sighting> {
        return look(this.docker, id);
    }

    untilEnded(id: string, signal: AbortSignal): Promise<Sighting> {
        return untilEnded(this.docker, id, signal);
    }

    readTail(id: string): Promise<string | undefined> {
        return readTail(this.docker, id);
    }
}
