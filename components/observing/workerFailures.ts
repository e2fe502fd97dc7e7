import { OnWorkerFailure, Wait } from "../args";
import { Status } from "../outputs";
import { Sighting, isFailure } from "./verdict";
import { CreatedEngine, Failure, Watch, describeFailure } from "./watch";
import { sayWorkersWayOut } from "./wayOut";

const mostDescribed = 10;

/** What to say of the workers that did not do what the session waits for; nothing if all did. */
export async function sayWorkerFailures(
    watch: Watch,
    workers: CreatedEngine[],
    seen: Sighting[],
): Promise<Failure | undefined> {
    const failed = workers
        .map((created, index) => ({ created, seen: seen[index]! }))
        .filter((each) => isFailure(each.seen));
    const late = workers.filter((_, index) => seen[index]!.status === Status.TimedOut);
    if (failed.length === 0 && late.length === 0) {
        return undefined;
    }
    const areMadeAnew = watch.plan.onWorkerFailure === OnWorkerFailure.Fail;
    const described = failed.slice(0, mostDescribed).map((each) => describeFailure(watch, each.created, each.seen));
    const parts = [
        ...(failed.length > 0
            ? [`${failed.length} of ${workers.length} workers failed.`, ...(await Promise.all(described))]
            : []),
        ...(failed.length > mostDescribed ? [`And ${failed.length - mostDescribed} more.`] : []),
        ...(late.length > 0 ? [sayLate(watch, workers, late)] : []),
        ...(failed.length > 0 ? [sayWorkersWayOut(failed, areMadeAnew)] : []),
    ];
    return { text: parts.join("\n") };
}

function sayLate({ plan }: Watch, workers: CreatedEngine[], late: CreatedEngine[]): string {
    const names = late.slice(0, mostDescribed).map(({ engine }) => engine.name);
    const rest = late.length > mostDescribed ? ` and ${late.length - mostDescribed} more` : "";
    const goal = plan.wait === Wait.Completed ? "ended" : "started";
    return `${late.length} of ${workers.length} workers had not ${goal} after ${plan.waitTimeout} s: ${names.join(", ")}${rest}. They run on; the next pulumi up waits for them again. Raise timeoutSeconds (0 is no limit) to wait longer.`;
}
