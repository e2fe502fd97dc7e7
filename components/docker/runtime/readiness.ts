import { describeMasterFailure, describeNotListening } from "../../observing/failures";
import { EngineState, isFailure } from "../../observing/engineState";
import { CreatedEngine, Failure } from "../../observing/runtime";
import { pause } from "../../observing/time";
import { workersOf } from "../../model/plan";
import { workerRanks } from "./inventory";
import { MissingCat, portsListening } from "./listening";
import { withRetry } from "./retry";
import { inspectContainer, untilEnded } from "./containerState";
import { DockerWatch } from "./watch";

const intervalMs = 200;

/** Waits until the master listens on its declared ports; what comes back is why it never will. */
export async function untilMasterListens(watch: DockerWatch, master: CreatedEngine): Promise<Failure | undefined> {
    const seen = await inspectContainer(watch.docker, master.id);
    if (isFailure(seen)) {
        return describeMasterFailure(watch, master, seen);
    }
    // A master without ports, or one whose workers have all come, may have done its work already.
    if (watch.plan.master.ports.length === 0 || !(await lacksWorkers(watch))) {
        return undefined;
    }
    return untilListening(watch, master);
}

async function untilListening(watch: DockerWatch, master: CreatedEngine): Promise<Failure | undefined> {
    const { ports } = watch.plan.master;
    let ended: EngineState | undefined;
    void untilEnded(watch.docker, master.id, watch.signal).then(
        (seen) => (ended = seen),
        () => undefined,
    );
    const seconds = watch.plan.startTimeout;
    const deadline = seconds === 0 ? Infinity : Date.now() + seconds * 1000;
    for (;;) {
        const listening = await withRetry(() => lookForPorts(watch, master), watch.signal);
        if (listening === "no cat") {
            const text = `Whether the master ${master.engine.name} listens on its ports cannot be seen, because its image has no program "cat". Use an image that has it, or leave master.ports out.`;
            return { text, resource: master.resource };
        }
        if (ports.every((port) => listening.has(port))) {
            return undefined;
        }
        if (ended !== undefined) {
            return describeMasterFailure(watch, master, ended);
        }
        if (Date.now() > deadline) {
            return describeNotListening(watch, master, [...listening]);
        }
        await pause(intervalMs);
    }
}

async function lookForPorts(watch: DockerWatch, master: CreatedEngine): Promise<Set<number> | "no cat"> {
    try {
        return (await portsListening(watch.docker, master.id)) ?? new Set();
    } catch (error) {
        if (error instanceof MissingCat) {
            return "no cat";
        }
        throw error;
    }
}

/** Whether a worker of the plan is yet to be created: only for such a one must the master listen. */
async function lacksWorkers({ docker, plan, identity, recreated }: DockerWatch): Promise<boolean> {
    const ranks = await withRetry(() => workerRanks(docker, identity));
    return workersOf(plan).some(({ rank }) => !ranks.has(rank) || recreated.has(rank));
}
