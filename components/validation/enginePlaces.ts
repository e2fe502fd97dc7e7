import { EngineSpec } from "../model/args";

/** Arguments, and where they are. */
export interface Place<Spec> {
    path: string;
    spec: Spec;
}

/** The arguments of each group of workers: of `workers`, and of those besides it. */
export function workerPlaces<Spec>(args: { workers: Spec; workerGroups?: readonly Spec[] }): Place<Spec>[] {
    const { workers, workerGroups = [] } = args;
    return [
        { path: "workers", spec: workers },
        ...workerGroups.map((spec, index) => ({ path: groupPath(index), spec })),
    ];
}

/** The arguments of the master, and of each group of workers. */
export function enginePlaces<Spec extends EngineSpec>(args: {
    master: Spec;
    workers: Spec;
    workerGroups?: readonly Spec[];
}): Place<Spec>[] {
    return [{ path: "master", spec: args.master }, ...workerPlaces(args)];
}

/** Where the arguments of one of `workerGroups` are. */
export function groupPath(index: number): string {
    return `workerGroups[${index}]`;
}
