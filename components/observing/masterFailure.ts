import { Status } from "../outputs";
import { Sighting } from "./verdict";
import { CreatedEngine, Failure, Watch, describeFailure, quoteOutput } from "./watch";
import { sayMasterWayOut } from "./wayOut";

/** Why a session cannot go on when its master has ended like this. */
export async function sayMasterFailure(watch: Watch, master: CreatedEngine, seen: Sighting): Promise<Failure> {
    const { ports } = watch.plan.master;
    const hasWorkers = await watch.host.hasWorkers();
    const early = hasWorkers
        ? ", and a worker that is to run needs it"
        : ` before it listened on port ${ports.join(" and ")}`;
    const when = seen.status === Status.Succeeded && ports.length > 0 ? early : "";
    const text = `The master ${await describeFailure(watch, master, seen, when)}`;
    const wayOut = sayMasterWayOut({ created: master, seen }, hasWorkers);
    return { text: `${text}\n${wayOut}`, resource: master.resource };
}

/** Why a session cannot go on when its master runs and did not listen in time. */
export async function sayNotListening(watch: Watch, master: CreatedEngine, listening: number[]): Promise<Failure> {
    const { plan, host } = watch;
    const missing = plan.master.ports.filter((port) => !listening.includes(port));
    const others = listening.length === 0 ? "on none" : `on ${listening.join(" and ")}`;
    const text = `The master ${master.engine.name} did not listen on port ${missing.join(" and ")} within ${plan.startTimeout} s; it listens ${others}. Correct master.ports or the program, or raise timeoutSeconds.`;
    return { text: `${text} ${await quoteOutput(host, master.id)}`, resource: master.resource };
}
