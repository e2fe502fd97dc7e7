import { Wait } from "../model/args";
import { CompleteArgs } from "../model/defaults";
import { Problem, show } from "../model/errors";
import { isPool } from "../model/pool";
import { CrossCheck } from "./crossCheck";

const always = "workers.restart.always";

/** What the other arguments must be where workers are started again whatever their exit code. */
export function restartCrossChecks(args: CompleteArgs): CrossCheck[] {
    const { wait, workers, maxSeconds } = args;
    const check = (reads: string[], isWrong: () => boolean, problem: () => Problem): CrossCheck => ({
        reads: ["workers.restart", ...reads],
        problemsOf: () => (workers.restart.always && isWrong() ? [problem()] : []),
    });
    return [
        check(
            ["wait"],
            () => wait !== Wait.Running,
            () => ({
                path: always,
                reason: `true is for services, and with wait: ${show(wait)} a worker that ends with 0 has done its work; remove it, or use wait: "running"`,
            }),
        ),
        check(
            ["wait"],
            () => wait === Wait.Running && Number.isFinite(workers.restart.attempts),
            () => ({
                path: "workers.restart.attempts",
                reason: `${workers.restart.attempts} limits the restarts, and ${always} is without limit; remove one of them`,
            }),
        ),
        check(
            ["workers.script", "workers.code", "workers.command"],
            () => isPool(workers),
            () => ({
                path: always,
                reason: "true is for workers with a script, code or command; the engines of a pool end with their master; remove it",
            }),
        ),
        check(
            ["maxSeconds"],
            () => maxSeconds !== undefined,
            () => ({
                path: always,
                reason: `true lets no worker end, and maxSeconds, ${show(maxSeconds)}, ends each; remove one of them`,
            }),
        ),
    ];
}
