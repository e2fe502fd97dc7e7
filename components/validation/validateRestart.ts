import { Wait } from "../model/args";
import { CompleteArgs, CompleteWorkers } from "../model/defaults";
import { Problem, show } from "../model/errors";
import { isPool } from "../model/pool";
import { CrossCheck } from "./crossCheck";
import { workerPlaces } from "./enginePlaces";

/** What the other arguments must be where workers are started again whatever their exit code. */
export function restartCrossChecks(args: CompleteArgs): CrossCheck[] {
    return workerPlaces<CompleteWorkers>(args).flatMap(({ path, spec }) =>
        spec.restart.always ? alwaysChecks(path, spec, args) : [],
    );
}

function alwaysChecks(path: string, spec: CompleteWorkers, { wait, maxSeconds }: CompleteArgs): CrossCheck[] {
    const always = `${path}.restart.always`;
    const check = (reads: string[], isWrong: boolean, problem: Problem): CrossCheck => ({
        reads: [`${path}.restart`, ...reads],
        problemsOf: () => (isWrong ? [problem] : []),
    });
    return [
        check(["wait"], wait !== Wait.Running, {
            path: always,
            reason: `true is for services, and with wait: ${show(wait)} a worker that ends with 0 has done its work; remove it, or use wait: "running"`,
        }),
        check(["wait"], wait === Wait.Running && Number.isFinite(spec.restart.attempts), {
            path: `${path}.restart.attempts`,
            reason: `${spec.restart.attempts} limits the restarts, and ${always} is without limit; remove one of them`,
        }),
        check([`${path}.script`, `${path}.code`, `${path}.command`], path === "workers" && isPool(spec), {
            path: always,
            reason: "true is for workers with a script, code or command; the engines of a pool end with their master; remove it",
        }),
        check(["maxSeconds"], maxSeconds !== undefined, {
            path: always,
            reason: `true lets no worker end, and maxSeconds, ${show(maxSeconds)}, ends each; remove one of them`,
        }),
    ];
}
