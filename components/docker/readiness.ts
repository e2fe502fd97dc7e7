import { Status } from "../outputs";
import { workersOf } from "../plan";
import { isFailure } from "./completion";
import { label } from "./labels";
import { MissingCat, portsListening } from "./listening";
import { ContainerSighting, look, untilEnded } from "./sighting";
import { CreatedEngine, Failure, Watch, describeFailure, quoteOutput, sayHowToRunAgain } from "./watch";
import { pause } from "./within";

const intervalMs = 200;

/** Waits until the master listens on its declared ports; what comes back is why it never will. */
export async function untilMasterListens(watch: Watch, master: CreatedEngine): Promise<Failure | undefined> {
    const seen = await look(watch.docker, master.id);
    if (isFailure(seen)) {
        return sayMasterFailure(watch, master, seen);
    }
    // A master without ports, or one whose workers have all come, may have done its work already.
    if (watch.plan.master.ports.length === 0 || !(await lacksWorkers(watch))) {
        return undefined;
    }
    return untilListening(watch, master);
}

/** Why a session cannot go on when its master has ended like this. */
export async function sayMasterFailure(watch: Watch, master: CreatedEngine, seen: ContainerSighting): Promise<Failure> {
    const { ports } = watch.plan.master;
    const early = seen.status === Status.Succeeded && ports.length > 0;
    const when = early ? ` before it listened on port ${ports.join(" and ")}` : "";
    const text = `The master ${await describeFailure(watch.docker, master, seen, when)}`;
    return { text: `${text}\n${sayHowToRunAgain([master])}`, resource: master.resource };
}

async function untilListening(watch: Watch, master: CreatedEngine): Promise<Failure | undefined> {
    const { ports } = watch.plan.master;
    let ended: ContainerSighting | undefined;
    void untilEnded(watch.docker, master.id, watch.signal).then(
        (seen) => (ended = seen),
        () => undefined,
    );
    const seconds = watch.plan.startTimeout;
    const deadline = seconds === 0 ? Infinity : Date.now() + seconds * 1000;
    for (;;) {
        const listening = await lookForPorts(watch, master);
        if (listening === "no cat") {
            const text = `Whether the master ${master.engine.name} listens on its ports cannot be seen, because its image has no program "cat". Use an image that has it, or leave master.ports out.`;
            return { text, resource: master.resource };
        }
        const missing = ports.filter((port) => !listening.has(port));
        if (missing.length === 0) {
            return undefined;
        }
        if (ended !== undefined) {
            return sayMasterFailure(watch, master, ended);
        }
        if (Date.now() > deadline) {
            const others = listening.size === 0 ? "on none" : `on ${[...listening].join(" and ")}`;
            const text = `The master ${master.engine.name} did not listen on port ${missing.join(" and ")} within ${seconds} s; it listens ${others}. Correct master.ports or the program, or raise timeoutSeconds.`;
            return { text: `${text} ${await quoteOutput(watch.docker, master.id)}`, resource: master.resource };
        }
        await pause(intervalMs);
    }
}

async function lookForPorts(watch: Watch, master: CreatedEngine): Promise<Set<number> | "no cat"> {
    try {
        return (await portsListening(watch.docker, master.id)) ?? new Set();
    } catch (error) {
        if (error instanceof MissingCat) {
            return "no cat";
        }
        throw error;
    }
}

/** Whether a worker of the plan does not exist yet: only for such a one must the master listen. */
async function lacksWorkers({ docker, plan, identity }: Watch): Promise<boolean> {
    const filters = { label: [`${label.session}=${identity}`, `${label.role}=worker`] };
    const there = await docker.listContainers({ all: true, filters });
    const ranks = new Set(there.map((container) => container.Labels[label.rank]));
    return workersOf(plan).some((worker) => !ranks.has(String(worker.environment.rank)));
}
