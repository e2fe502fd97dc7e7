import * as pulumi from "@pulumi/pulumi";
import { map } from "./inputs";
import { coresToMillicores, coresToThreads, gibToMib } from "./units";

/** What the environment of an engine is made from. */
export interface EnvironmentFacts {
    role: "master" | "worker";
    /** 0 for the master, 1 to n for the workers; undefined where the engine finds out by itself. */
    rank?: number;
    /** The project folder's name, if there is a project. */
    project?: string;
    /** The first of the master's ports, if it has any. */
    masterPort?: number;
    cpu: pulumi.Input<number>;
    memory: pulumi.Input<number>;
    /** What the user adds. */
    own: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What a backend knows about the place of an engine. */
export interface Wiring {
    /** The engine's own address. */
    ip: pulumi.Input<string>;
    masterIp: pulumi.Input<string>;
    /** Tells one master from the next that takes its place: workers see it, the master itself does not. */
    masterId?: pulumi.Input<string>;
}

/** Ports that Cloudera's engines keep for web pages: here plain ports like any other, for scripts that read these names. */
const webPorts = { CDSW_APP_PORT: "8090", CDSW_READONLY_PORT: "8100" };

const threadVariables = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
];

/** Whether a name belongs to the session, so that a user may not set it. */
export function isReserved(name: string): boolean {
    return /^(CDSW|CML)_/.test(name) || ["RANK", "MASTER_ADDR", "MASTER_PORT"].includes(name);
}

/**
 * The environment of an engine. Nothing in it depends on the number of workers, so that a resize replaces nobody. The user's own
 * values come last: thread counts may be set, reserved names were refused before.
 */
export function environmentOf(
    facts: EnvironmentFacts,
    place: Wiring,
): pulumi.Input<Record<string, pulumi.Input<string>>> {
    const session = {
        ...wiring(facts, place),
        ...size(facts),
        ...webPorts,
        PYTHONUNBUFFERED: "1",
    };
    return map(facts.own, (own) => ({ ...session, ...own }));
}

function wiring(facts: EnvironmentFacts, place: Wiring): Record<string, pulumi.Input<string>> {
    return {
        CML_MASTER_IP: place.masterIp,
        CDSW_MASTER_IP: place.masterIp,
        MASTER_ADDR: place.masterIp,
        ...(facts.masterPort === undefined ? {} : { MASTER_PORT: String(facts.masterPort) }),
        ...(place.masterId === undefined ? {} : { CDSW_MASTER_ID: place.masterId }),
        CDSW_IP_ADDRESS: place.ip,
        CDSW_ENGINE_TYPE: facts.role,
        ...(facts.rank === undefined ? {} : { RANK: String(facts.rank) }),
        ...(facts.project === undefined ? {} : { CDSW_PROJECT: facts.project }),
    };
}

function size(facts: EnvironmentFacts): Record<string, pulumi.Input<string>> {
    const threads = map(facts.cpu, (cores) => String(coresToThreads(cores)));
    return {
        CDSW_CPU_MILLICORES: map(facts.cpu, (cores) => String(coresToMillicores(cores))),
        CDSW_MEMORY_MB: map(facts.memory, (gib) => String(gibToMib(gib))),
        ...Object.fromEntries(threadVariables.map((name) => [name, threads])),
    };
}
