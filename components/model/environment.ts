import * as pulumi from "@pulumi/pulumi";
import { map } from "./inputs";
import { EngineTemplate, Templated } from "./plan";
import { sessionKeyVariable } from "./pool";
import { coresToMillicores, coresToThreads, gibToMib } from "./units";

/** What a backend knows about the place of an engine. */
export interface Wiring {
    /** The engine's own address. */
    ip: pulumi.Input<string>;
    masterIp: pulumi.Input<string>;
    /** Distinguishes a master from the next one in its place: workers see it, the master itself does not. */
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

/**
 * The environment of an engine. Nothing in it depends on the number of workers, so that a resize replaces nobody. The user's own
 * values come last: thread counts may be set, reserved names were refused before.
 */
export function environmentOf(engine: Templated, place: Wiring): pulumi.Input<Record<string, pulumi.Input<string>>> {
    const session = {
        ...wiring(engine, place),
        ...size(engine.template),
        ...webPorts,
        PYTHONUNBUFFERED: "1",
    };
    return map(engine.template.env, (own) => ({ ...session, ...own }));
}

/** An engine of a group has no rank here: it finds out by itself. */
function wiring({ template, rank }: Templated, place: Wiring): Record<string, pulumi.Input<string>> {
    const { role, group, project, sharedFolder, masterPort, worldSize, sessionKey } = template;
    return {
        CML_MASTER_IP: place.masterIp,
        CDSW_MASTER_IP: place.masterIp,
        MASTER_ADDR: place.masterIp,
        ...(masterPort === undefined ? {} : { MASTER_PORT: String(masterPort) }),
        ...(place.masterId === undefined ? {} : { CDSW_MASTER_ID: place.masterId }),
        CDSW_IP_ADDRESS: place.ip,
        CDSW_ENGINE_TYPE: role,
        ...(group === undefined ? {} : { CDSW_WORKER_GROUP: group }),
        ...(rank === undefined ? {} : { RANK: String(rank) }),
        ...(worldSize === undefined ? {} : { WORLD_SIZE: String(worldSize) }),
        ...(project === undefined ? {} : { CDSW_PROJECT: project }),
        ...(sharedFolder === undefined ? {} : { CDSW_SHARED_FOLDER: sharedFolder }),
        ...(sessionKey === undefined ? {} : { [sessionKeyVariable]: sessionKey }),
    };
}

function size({ cpu, memory }: EngineTemplate): Record<string, pulumi.Input<string>> {
    const threads = map(cpu, (cores) => String(coresToThreads(cores)));
    return {
        CDSW_CPU_MILLICORES: map(cpu, (cores) => String(coresToMillicores(cores))),
        CDSW_MEMORY_MB: map(memory, (gib) => String(gibToMib(gib))),
        ...Object.fromEntries(threadVariables.map((name) => [name, threads])),
    };
}
