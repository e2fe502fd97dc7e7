import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { engineImage } from "../../model/engineImage";
import { Wiring } from "../../model/environment";
import { map } from "../../model/inputs";
import { Plan, PlannedEngine } from "../../model/plan";
import { renderEnvironment } from "./environment";
import { literal } from "./expansion";
import { listeningCommand } from "./listeningProbe";
import { PodOptions } from "../options";
import { renderMounts, renderVolumes } from "./projectFiles";
import { cpuQuantity, memoryQuantity } from "./quantities";

export type PodSpec = kubernetes.types.input.core.v1.PodSpec;
type Container = kubernetes.types.input.core.v1.Container;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

const home = "/home/cdsw";
const graceSeconds = 5;
/** The name of an engine's container in its Pod. */
export const containerName = "engine";

/** What an engine's Pod is given by the rest of the session. */
export interface EngineContext {
    place: Wiring;
    /** The master that a worker works for: it goes before that one does, and comes when the next one is there. */
    master?: pulumi.Resource;
    /** The name of the session's Service: its network and its owner. */
    network: pulumi.Input<string>;
    namespace: pulumi.Input<string>;
    /** A word that changes when the engine is to be made anew. */
    generation: pulumi.Input<string>;
    /** The name of the ConfigMap with the project's files. */
    files?: pulumi.Input<string>;
    /** The name of the Secret with the variables that come from other resources. */
    secret?: pulumi.Input<string>;
}

/** Lets a worker be replaced with its master, and before it. */
export function followMaster({ master }: EngineContext): Pick<pulumi.CustomResourceOptions, "replaceWith"> {
    return master === undefined ? {} : { replaceWith: [master] };
}

/** The options for the Pods of an engine's role. */
export function podOptionsOf({ kubernetes: options }: Plan, { environment }: PlannedEngine): PodOptions {
    return { ...options.pods, ...(environment.role === "master" ? options.masterPod : options.workerPods) };
}

/** The Pod of an engine, or the template for the Pods of all workers. */
export function renderPodSpec(plan: Plan, engine: PlannedEngine, surroundings: EngineContext): PodSpec {
    const options = podOptionsOf(plan, engine);
    return {
        containers: [renderContainer(plan, engine, surroundings, options)],
        volumes: renderAllVolumes(plan, engine, surroundings, options),
        // A service is started again in its place; whoever may be started again so many times is a new Pod of a Job each time.
        restartPolicy: engine.restarts === Infinity ? "OnFailure" : "Never",
        terminationGracePeriodSeconds: graceSeconds,
        // Process 1 is then one that passes on signals and reaps: a shell or Python in its place would ignore SIGTERM.
        shareProcessNamespace: true,
        ...renderNames(plan, engine, surroundings),
        ...renderSafety(engine, options),
        ...renderPlacement(options),
    };
}

function renderContainer(
    plan: Plan,
    engine: PlannedEngine,
    surroundings: EngineContext,
    options: PodOptions,
): Container {
    return {
        name: containerName,
        image: engine.image,
        ...(options.imagePullPolicy === undefined ? {} : { imagePullPolicy: options.imagePullPolicy }),
        args: renderArguments(engine),
        workingDir: home,
        env: renderEnvironment(engine, surroundings.place, surroundings.secret),
        ...(engine.ports.length === 0 ? {} : renderPorts(engine.ports)),
        resources: renderResources(engine, options),
        volumeMounts: [
            { name: sharedMemoryVolume, mountPath: "/dev/shm" },
            ...(plan.kubernetes.projectVolume === undefined
                ? renderMounts(engine.files, home)
                : renderProjectMount(plan)),
        ],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        // The end of what a failed engine printed is then in its status, for whoever may not read logs.
        terminationMessagePolicy: "FallbackToLogsOnError",
    };
}

/** The command as arguments: the image's entrypoint, if it has one, runs it, as on Docker. */
function renderArguments({ command }: PlannedEngine): pulumi.Input<pulumi.Input<string>[]> {
    return map(command, (parts) => parts.map((part) => map(part, literal)));
}

function renderPorts(ports: number[]): Pick<Container, "ports" | "startupProbe"> {
    return {
        ports: ports.map((containerPort) => ({ containerPort, protocol: "TCP" })),
        startupProbe: {
            exec: { command: listeningCommand(ports) },
            periodSeconds: 1,
            timeoutSeconds: 5,
            // How long to wait is up to the program, which says why it gave up; the cluster would kill the engine.
            failureThreshold: 2 ** 31 - 1,
        },
    };
}

function renderResources({ cpu, memory, nvidiaGpu }: PlannedEngine, { requests }: PodOptions): Container["resources"] {
    const gpus: Record<string, string> = nvidiaGpu === 0 ? {} : { "nvidia.com/gpu": String(nvidiaGpu) };
    return {
        limits: { cpu: map(cpu, cpuQuantity), memory: map(memory, memoryQuantity), ...gpus },
        requests: {
            cpu: map(requests?.cpu ?? cpu, cpuQuantity),
            memory: map(requests?.memory ?? memory, memoryQuantity),
            ...gpus,
        },
    };
}

const sharedMemoryVolume = "shared-memory";
const projectVolume = "project";

function renderAllVolumes(
    plan: Plan,
    engine: PlannedEngine,
    { files }: EngineContext,
    { sharedMemory }: PodOptions,
): PodSpec["volumes"] {
    const { projectVolume: claim } = plan.kubernetes;
    return [
        {
            name: sharedMemoryVolume,
            emptyDir: { medium: "Memory", sizeLimit: map(sharedMemory ?? engine.memory, memoryQuantity) },
        },
        ...(claim === undefined
            ? renderVolumes(engine.files, files)
            : [
                  {
                      name: projectVolume,
                      persistentVolumeClaim: {
                          claimName: claim.claimName,
                          ...(claim.readOnly ? { readOnly: true } : {}),
                      },
                  },
              ]),
    ];
}

function renderProjectMount({ kubernetes: { projectVolume: claim } }: Plan): VolumeMount[] {
    const { subPath, readOnly } = claim!;
    return [
        {
            name: projectVolume,
            mountPath: home,
            ...(subPath === undefined ? {} : { subPath }),
            ...(readOnly ? { readOnly } : {}),
        },
    ];
}

/** Engines find each other as `master` and `worker-1`, whatever the name of the session's Service. */
function renderNames(
    plan: Plan,
    { environment, alias }: PlannedEngine,
    { network, namespace, place }: EngineContext,
): Partial<PodSpec> {
    const isMaster = environment.role === "master";
    const { alias: masterAlias, name: masterName } = plan.master;
    return {
        ...(environment.rank === undefined ? {} : { hostname: alias }),
        subdomain: network,
        dnsConfig: { searches: [pulumi.interpolate`${network}.${namespace}.svc.cluster.local`] },
        ...(isMaster ? {} : { hostAliases: [{ ip: place.masterIp, hostnames: [masterAlias, masterName] }] }),
    };
}

function renderSafety({ image }: PlannedEngine, options: PodOptions): Partial<PodSpec> {
    const { runAsUser, runAsGroup, fsGroup } = options;
    const isRoot = runAsUser === undefined ? map(image, (name) => name !== engineImage) : runAsUser === 0;
    const nonRoot = options.runAsNonRoot ?? map(isRoot, (root) => !root);
    return {
        securityContext: {
            runAsNonRoot: nonRoot,
            seccompProfile: { type: "RuntimeDefault" },
            ...(runAsUser === undefined ? {} : { runAsUser }),
            ...(runAsGroup === undefined ? {} : { runAsGroup }),
            ...(fsGroup === undefined ? {} : { fsGroup }),
        },
        automountServiceAccountToken: options.serviceAccountToken ?? false,
        enableServiceLinks: false,
    };
}

function renderPlacement(options: PodOptions): Partial<PodSpec> {
    const { nodeSelector, tolerations, affinity, topologySpreadConstraints, imagePullSecrets } = options;
    const { priorityClassName, serviceAccountName, runtimeClassName, schedulerName } = options;
    const given = {
        nodeSelector,
        tolerations,
        affinity,
        topologySpreadConstraints,
        priorityClassName,
        serviceAccountName,
        runtimeClassName,
        schedulerName,
        imagePullSecrets: imagePullSecrets?.map((name) => ({ name })),
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
