import { Wait, WorkersSpec } from "../model/args";
import { CompleteArgs } from "../model/defaults";
import { show } from "../model/errors";
import { CrossCheck } from "./crossCheck";
import { workerPlaces } from "./enginePlaces";

/** Nobody waits for workers to join where their end, or that of the master, is waited for. */
export function joinCheckChecks(args: CompleteArgs): CrossCheck[] {
    const waitsForEnd = args.wait === Wait.Completed || args.wait === Wait.Master;
    const reason = `is for workers that serve, and wait: ${show(args.wait)} waits for an end; remove it, or use wait: "running"`;
    return workerPlaces<WorkersSpec>(args).map(({ path, spec: { joinCheck } }) => ({
        reads: [`${path}.joinCheck`, "wait"],
        problemsOf: () => (waitsForEnd && joinCheck !== undefined ? [{ path: `${path}.joinCheck`, reason }] : []),
    }));
}
