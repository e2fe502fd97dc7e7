import { EngineSpec } from "../model/args";
import { CompleteArgs } from "../model/defaults";
import { CrossCheck } from "./crossCheck";
import { enginePlaces } from "./enginePlaces";

const variable = "WORLD_SIZE";

/** What the other arguments must be where engines are given the number of all. */
export function worldSizeChecks(args: CompleteArgs): CrossCheck[] {
    if (!args.worldSize) {
        return [];
    }
    const ranks = "true is for engines with one rank each, and RANK counts in each of workerGroups; remove one of them";
    const twice = "is set by the session where worldSize is true; remove one of them";
    return [
        {
            reads: ["worldSize", "workerGroups"],
            problemsOf: () => (args.workerGroups.length === 0 ? [] : [{ path: "worldSize", reason: ranks }]),
        },
        ...enginePlaces<EngineSpec>(args).map(({ path, spec: { env } }) => ({
            reads: ["worldSize", `${path}.env`],
            problemsOf: () =>
                env !== undefined && Object.hasOwn(env, variable)
                    ? [{ path: `${path}.env.${variable}`, reason: twice }]
                    : [],
        })),
    ];
}
