import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { SessionContext } from "../../model/context";
import { Wiring, environmentOf } from "../../model/environment";
import { map } from "../../model/inputs";
import { identityOf, label } from "../../model/labels";
import { EngineTemplate, Plan, PlannedEngine, digestOfFiles } from "../../model/plan";
import { scratch } from "../../project/project";
import { gibToMib } from "../../model/units";
import { withoutTraces } from "../../program/traces";
import { completePorts } from "../defaults";
import { lifetimeFile, lifetimeFolder, lifetimeScript, limitedEntrypoint } from "../lifetime";
import { ownVolumesOf } from "../readOnlyRoot";
import { firstRestartPolicyOf } from "../restartPolicy";
import { renderMounts } from "./mounts";
import { openShared } from "./sharedFolder";
import { Upload, openFolder, renderProject } from "./uploads";

const cpuPeriodMicroseconds = 100_000;

/** What an engine is given by the rest of the session. */
export interface EngineContext {
    network: docker.Network;
    place: Wiring;
    /** A token whose change forces replacement. */
    token: pulumi.Input<string>;
    /** The options of the log driver. */
    logOptions: pulumi.Input<Record<string, string>>;
    /** The entrypoint of an image. */
    entrypointOf: (image: pulumi.Input<string>) => pulumi.Input<readonly string[]>;
    /** The session's own volume for the shared folder, if it has one. */
    volume?: docker.Volume;
    /** The master of a worker: the worker is deleted before the master is, and recreated after it. */
    master?: docker.Container;
}

/** One engine as a container. The program starts it, once it has limited the processes of the container. */
export function createEngine(
    { plan, session }: SessionContext,
    engine: PlannedEngine,
    context: EngineContext,
): docker.Container {
    const { network, place, token, logOptions, volume, master } = context;
    const { template } = engine;
    const args: docker.ContainerArgs = {
        image: template.image,
        command: template.command,
        workingDir: template.workingDir,
        envs: renderEnvironment(engine, place),
        labels: renderLabels(plan, engine, token),
        uploads: plan.readOnlyRoot
            ? []
            : map(renderProject(template, token), (project) => [
                  ...project,
                  ...openShared(plan),
                  ...uploadLifetime(plan),
              ]),
        networksAdvanced: [{ name: network.id, ipv4Address: place.ip, aliases: [engine.alias, engine.name] }],
        logOpts: logOptions,
        ...renderMounts(plan, volume),
        ...renderPorts(plan, engine),
        ...renderLimits(plan, engine),
        ...renderSafety(),
        ...renderRoot(plan, template),
        ...renderLife(template),
        ...renderLifetime(plan, template, context),
    };
    const options: pulumi.CustomResourceOptions = {
        parent: session,
        // The daemon reports -1 as swap on a kernel without swap accounting; a change of it always comes with one of `memory`.
        // Other options of the log would replace an engine.
        ignoreChanges: ["memorySwap", "restart", "maxRetryCount", "logOpts"],
        // The provider takes most of these changes and does not apply them; an engine that could not be started is recreated.
        replaceOnChanges: ["init", "cpuPeriod", "cpuQuota", "memory", "#initerror"],
        deleteBeforeReplace: true,
        // The environment alone would not do: the provider takes one that is unknown for one that does not change.
        ...(master === undefined ? {} : { replaceWith: [master] }),
    };
    return withoutTraces(() => new docker.Container(engine.name, args, options));
}

/**
 * The environment as a list that is sorted by name. It is a list of outputs, not an output of a list: the provider takes a list
 * that is unknown as a whole for one that does not change, and a preview of a new master would not show the new workers.
 */
function renderEnvironment(engine: PlannedEngine, place: Wiring): pulumi.Input<pulumi.Input<string>[]> {
    return map(environmentOf(engine, place), (environment) =>
        Object.keys(environment)
            .sort()
            .map((name) => map(environment[name]!, (value) => `${name}=${value}`)),
    );
}

function renderLabels(
    plan: Plan,
    { template, rank }: PlannedEngine,
    token: pulumi.Input<string>,
): docker.types.input.ContainerLabel[] {
    const { role, group } = template;
    return [
        { label: label.session, value: identityOf(plan.name) },
        { label: label.role, value: role },
        { label: label.rank, value: String(rank) },
        ...(group === undefined ? [] : [{ label: label.group, value: group }]),
        { label: label.generation, value: token },
        // The provider would keep an entrypoint and a folder that are no longer asked for; a change of a label recreates the container.
        ...(plan.maxSeconds === undefined ? [] : [{ label: label.maxSeconds, value: String(plan.maxSeconds) }]),
        ...(template.workingDir === undefined ? [{ label: label.workingDir, value: "image" }] : []),
        // The provider does not know these files, so that nothing else would show their change.
        ...(plan.readOnlyRoot ? [{ label: label.files, value: digestOfFiles(template) }] : []),
        ...(template.restartsAlways ? [{ label: label.restartsAlways, value: "true" }] : []),
    ];
}

function renderPorts(plan: Plan, { template }: PlannedEngine): Pick<docker.ContainerArgs, "ports"> {
    if (template.role !== "master" || plan.publish.length === 0) {
        return {};
    }
    const ports = completePorts(plan.publish).map(({ port, hostPort, hostIp }) => ({
        internal: port,
        external: hostPort,
        ip: hostIp,
    }));
    return { ports };
}

function renderLimits(plan: Plan, engine: PlannedEngine) {
    const { cpu, memory: gib, disk } = engine.template;
    const memory = map(gib, gibToMib);
    return {
        // A quota holds any number of cores; the provider's `cpus` comes back from the daemon in another spelling.
        cpuPeriod: cpuPeriodMicroseconds,
        cpuQuota: map(cpu, (cores) => Math.round(cores * cpuPeriodMicroseconds)),
        memory,
        memorySwap: memory,
        // Shared memory counts as memory of the engine, so a smaller limit of its own protects nobody.
        shmSize: memory,
        ...(disk === undefined ? {} : { storageOpts: { size: map(disk, (size) => `${gibToMib(size)}m`) } }),
        ...renderGpus(plan, engine),
    };
}

/**
 * GPUs are dealt out to the master, to `workers` by rank, and then to group after group. No two engines of the session share one, and a resize
 * moves the GPUs of later groups alone.
 */
function renderGpus(plan: Plan, engine: PlannedEngine): Pick<docker.ContainerArgs, "deviceRequests"> {
    const { nvidiaGpu } = engine.template;
    if (nvidiaGpu === 0) {
        return {};
    }
    const first = gpusBefore(plan, engine);
    const deviceIds = Array.from({ length: nvidiaGpu }, (_, index) => String(first + index));
    return { deviceRequests: [{ driver: "nvidia", deviceIds, capabilities: ["gpu"] }] };
}

/** How many GPUs the engines have that come before. */
function gpusBefore({ master, groups }: Plan, { template, rank }: PlannedEngine): number {
    if (template.role === "master") {
        return 0;
    }
    const earlier = groups.slice(
        0,
        groups.findIndex((group) => group.template === template),
    );
    const ofEarlier = earlier.reduce((sum, group) => sum + group.count * group.template.nvidiaGpu, 0);
    return master.template.nvidiaGpu + ofEarlier + (rank - 1) * template.nvidiaGpu;
}

function renderSafety(): Pick<docker.ContainerArgs, "capabilities" | "securityOpts"> {
    return { capabilities: { drops: ["ALL"] }, securityOpts: ["no-new-privileges:true"] };
}

/**
 * The provider uploads into the root of a container, which the daemon refuses where that is read-only. So the program fills the volumes of such
 * a container before it starts it.
 */
function renderRoot(
    plan: Plan,
    { memory }: EngineTemplate,
): Pick<docker.ContainerArgs, "readOnly" | "tmpfs" | "volumes"> {
    return plan.readOnlyRoot
        ? {
              readOnly: true,
              // By default, no program there may be run, and libraries unpack some of theirs.
              tmpfs: { [scratch]: map(memory, (gib) => `exec,mode=1777,size=${gibToMib(gib)}m`) },
              volumes: ownVolumesOf(plan).map((containerPath) => ({ containerPath })),
          }
        : {};
}

function renderLife(template: EngineTemplate) {
    const { Name: restart, MaximumRetryCount: maxRetryCount } = firstRestartPolicyOf(template);
    return {
        // The provider cannot limit the processes of a container, and a program could have many before anybody else does.
        start: false,
        // An init passes signals on and reaps: a shell or Python as process 1 would ignore SIGTERM.
        init: true,
        // Otherwise a finished engine counts as broken, and the next `up` starts it again.
        mustRun: false,
        // The watcher changes it for an engine that came up.
        restart,
        ...(maxRetryCount === 0 ? {} : { maxRetryCount }),
        destroyGraceSeconds: template.stopSeconds,
    };
}

function renderLifetime(
    plan: Plan,
    template: EngineTemplate,
    { entrypointOf }: EngineContext,
): Pick<docker.ContainerArgs, "entrypoints"> {
    return plan.maxSeconds === undefined
        ? {}
        : { entrypoints: map(entrypointOf(template.image), (own) => limitedEntrypoint(plan, template, own)) };
}

function uploadLifetime({ maxSeconds }: Plan): Upload[] {
    return maxSeconds === undefined
        ? []
        : [openFolder(lifetimeFolder), { file: lifetimeFile, content: lifetimeScript, permissions: "0644" }];
}
