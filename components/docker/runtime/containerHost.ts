import type { Docker } from "../dockerode";
import { EngineHost } from "../../observing/runtime";
import { Mask } from "../../observing/output";
import { EngineState } from "../../observing/engineState";
import { workerRanks } from "./inventory";
import { readTail } from "./logs";
import { inspectContainer, untilEnded } from "./containerState";

/** The containers of a Docker host as engines. A container is created and started in one, so none has yet to start. */
export class ContainerHost implements EngineHost {
    constructor(
        private readonly docker: Docker,
        /** The host's clock at the start of this `up`, in ms. */
        private readonly hostTime: number,
        private readonly mask: Mask,
        /** Which session it is, as its labels say. */
        private readonly identity: string,
    ) {}

    async inspect(id: string): Promise<EngineState> {
        const seen = await inspectContainer(this.docker, id);
        return { ...seen, isNew: seen.startedAt >= this.hostTime };
    }

    untilStarted(id: string): Promise<EngineState> {
        return this.inspect(id);
    }

    untilEnded(id: string, signal: AbortSignal, restarted: (seen: EngineState) => void): Promise<EngineState> {
        return untilEnded(this.docker, id, signal, restarted);
    }

    async hasWorkers(): Promise<boolean> {
        return (await workerRanks(this.docker, this.identity)).size > 0;
    }

    async readTail(id: string): Promise<string | undefined> {
        const text = await readTail(this.docker, id);
        return text === undefined ? undefined : this.mask.apply(text);
    }
}
