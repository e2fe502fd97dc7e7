import { Plan, PlannedEngine } from "../model/plan";
import { Subnet, addressOf } from "./addressing";

/** The address of an engine of a plan in the session's subnet. */
export function engineAddressOf(plan: Plan, { template, rank }: PlannedEngine, subnet: Subnet): string {
    const others = plan.groups.filter((group) => group.template.group !== undefined);
    const place = others.findIndex((group) => group.template === template);
    return addressOf(subnet, rank, place < 0 ? undefined : place);
}
