import { Wait } from "../model/args";
import { CompleteArgs } from "../model/defaults";
import { Problem, show } from "../model/errors";
import { isPool, launcherPort } from "../model/pool";
import { CrossCheck } from "./crossCheck";

const program = ["workers.script", "workers.code", "workers.command"];

/** What the other arguments must be where the workers are a pool. */
export function poolChecks(args: CompleteArgs): CrossCheck[] {
    return [
        ...launcherPortChecks(args),
        { reads: [...program, "wait", "workers.restart"], problemsOf: () => validateEnd(args) },
        { reads: [...program, "workerGroups"], problemsOf: () => validateGroups(args) },
    ];
}

/** The launcher of a pool has a port of the master, and is nobody else's to reach. */
function launcherPortChecks({ master, workers, publish: published }: CompleteArgs): CrossCheck[] {
    const reason = `${launcherPort} is the port of the launcher that employs the workers; let the master's program use another port, or give the workers a script, code or command`;
    const check = (reads: string, pathsOf: () => string[]): CrossCheck => ({
        reads: [reads, ...program],
        problemsOf: (): Problem[] => (isPool(workers) ? pathsOf().map((path) => ({ path, reason })) : []),
    });
    const isTaken = (port: number | undefined) => port === launcherPort;
    return [
        check("master.ports", () => (master.ports.some(isTaken) ? ["master.ports"] : [])),
        check("master.mainPort", () => (isTaken(master.mainPort) ? ["master.mainPort"] : [])),
        check("publish", () =>
            published.flatMap(({ port }, index) => (isTaken(port) ? [`publish[${index}].port`] : [])),
        ),
    ];
}

/** The master of a pool knows of one kind of engines. */
function validateGroups({ workers, workerGroups }: CompleteArgs): Problem[] {
    const reason = `cannot be given with workers that run what the master launches; give workers a script, code or command (and n: 0 where there are to be none), or remove workerGroups`;
    return isPool(workers) && workerGroups.length > 0 ? [{ path: "workerGroups", reason }] : [];
}

/** The engines of a pool end with the launcher of their master, and their exit codes say whether their work has failed. */
function validateEnd({ wait, workers }: CompleteArgs): Problem[] {
    const { attempts } = workers.restart;
    if (!isPool(workers) || wait === Wait.Running) {
        return [];
    }
    const reason = `"master" is for workers with a script, code or command; the engines of a pool end with their master by themselves: use "completed"`;
    const hides = `${show(attempts)} is not 0, and an engine of a pool that is restarted would hide that its work has failed; remove it, or use wait: "running"`;
    return [
        ...(wait === Wait.Master ? [{ path: "wait", reason }] : []),
        ...(attempts > 0 ? [{ path: "workers.restart.attempts", reason: hides }] : []),
    ];
}
