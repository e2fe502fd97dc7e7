import * as pulumi from "@pulumi/pulumi";
import { Plan, workersOf } from "../plan";
import { FoundEngine } from "./generations";
import { sayFailure } from "./verdict";

/** Tells how the engines had failed that are made anew: nobody may have seen it, where no `up` was there. */
export async function tellRenewed(plan: Plan, renewed: FoundEngine[], session: pulumi.Resource): Promise<void> {
    for (const { rank, seen } of renewed) {
        const engine = [plan.master, ...workersOf(plan)].find((each) => each.rank === rank)!;
        await pulumi.log.warn(`${engine.name} ${sayFailure(seen)}. It is run again.`, session);
    }
}

/** Tells what was removed that Pulumi may not know of. */
export async function tellRemoved(names: string[], session: pulumi.Resource): Promise<void> {
    if (names.length > 0) {
        const text = `Removed what an up that was ended, or a master that is gone, had left: ${names.join(", ")}.`;
        await pulumi.log.info(text, session);
    }
}
