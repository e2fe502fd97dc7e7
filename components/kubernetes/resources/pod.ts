import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { buildCommandOf } from "../../libraries/images";
import { Wiring } from "../../model/environment";
import { map } from "../../model/inputs";
import { EngineTemplate, Plan, Templated, joinCheckSeconds } from "../../model/plan";
import { CompletePod, completePod } from "../defaults";
import { listeningCommand } from "../listeningProbe";
import { containerName } from "../names";
import { literal, ranked, renderEnvironment, renderEnvSources } from "./environment";
import { OwnedContext } from "./ownership";
import { PodOptions } from "../options";
import { home } from "../../project/project";
import { renderMountedVolumes, renderVolumeMounts } from "./mounts";
import { renderMounts, renderVolumes } from "./projectFiles";
import { renderWritableMounts, renderWritableVolumes } from "./readOnlyRoot";
import { cpuQuantity, memoryQuantity } from "../quantities";
import { renderSharedGroup } from "./sharedFolder";

export type PodSpec = kubernetes.types.input.core.v1.PodSpec;
type Container = kubernetes.types.input.core.v1.Container;
type Command = EngineTemplate["command"];
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

/** What an engine's Pod is given by the rest of the session. */
export interface EngineContext {
    place: Wiring;
    /** The master of a worker: the worker is deleted before the master is, and recreated after it. */
    master?: pulumi.Resource;
    /** A token whose change forces replacement. */
    token: pulumi.Input<string>;
    /** What is created before the engine. */
    dependsOn: pulumi.Resource[];
    /** The name of the ConfigMap with the project's files. */
    files?: pulumi.Input<string>;
    /** The name of the session's own claim for its shared folder. */
    claim?: pulumi.Input<string>;
    /** The name of the Secret with the variables that come from other resources. */
    secret?: pulumi.Input<string>;
}

/** Lets a worker be replaced with its master, and before it. */
export function followMaster({ master }: EngineContext): Pick<pulumi.CustomResourceOptions, "replaceWith"> {
    return master === undefined ? {} : { replaceWith: [master] };
}

/** The options for the Pods of an engine's role. */
export function podOptionsOf({ kubernetes: options }: Plan, { role }: EngineTemplate): CompletePod {
    return completePod(options.pods, role === "master" ? options.masterPod : options.workerPods);
}

/** The Pod of an engine, or the template for the Pods of all workers. */
export function renderPodSpec(context: OwnedContext, planned: Templated, engine: EngineContext): PodSpec {
    const { plan } = context;
    const { template } = planned;
    const options = podOptionsOf(plan, template);
    return {
        containers: [renderContainer(plan, planned, engine)],
        volumes: renderAllVolumes(plan, template, engine),
        // A service is restarted in its Pod; a counted restart is a new Pod of a Job.
        restartPolicy: template.restartsAlways ? "Always" : template.restarts === Infinity ? "OnFailure" : "Never",
        terminationGracePeriodSeconds: template.stopSeconds,
        // Of the Pod, also where a Job makes it: a Job deletes its Pods when its own deadline is over, and their output with them.
        ...(plan.maxSeconds === undefined ? {} : { activeDeadlineSeconds: plan.maxSeconds }),
        // Process 1 is then one that passes on signals and reaps: a shell or Python in its place would ignore SIGTERM.
        shareProcessNamespace: true,
        ...renderNames(context, planned, engine),
        ...renderSafety(plan, template, options),
        ...renderPlacement(options),
    };
}

function renderContainer(plan: Plan, planned: Templated, engine: EngineContext): Container {
    const { template } = planned;
    const options = podOptionsOf(plan, template);
    const isMaster = template.role === "master";
    return {
        name: containerName,
        image: template.image,
        ...(options.imagePullPolicy === undefined ? {} : { imagePullPolicy: options.imagePullPolicy }),
        // As arguments: the image's entrypoint, if it has one, runs them, as on Docker.
        args: literally(template.command),
        workingDir: template.workingDir,
        env: renderEnvironment(planned, engine.place, engine.secret),
        ...renderEnvSources(plan),
        ...(isMaster ? renderPorts(plan) : renderJoinCheck(planned)),
        resources: renderResources(template, options),
        volumeMounts: [
            { name: sharedMemoryVolume, mountPath: "/dev/shm" },
            ...renderWritableMounts(plan),
            ...(plan.kubernetes.projectVolume === undefined ? renderMounts(template, home) : renderProjectMount(plan)),
            ...renderVolumeMounts(plan),
        ],
        securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            ...(plan.readOnlyRoot ? { readOnlyRootFilesystem: true } : {}),
        },
        // The end of what a failed engine printed is then in its status, for users who may not read logs.
        terminationMessagePolicy: "FallbackToLogsOnError",
    };
}

/** A command whose `$` Kubernetes leaves alone. */
function literally(command: Command): Command {
    return map(command, (parts) => parts.map((part) => map(part, literal)));
}

function renderPorts({ master: { ports, awaitedPorts } }: Plan): Pick<Container, "ports" | "startupProbe"> {
    return {
        ...(ports.length === 0 ? {} : { ports: ports.map((containerPort) => ({ containerPort, protocol: "TCP" })) }),
        ...(awaitedPorts.length === 0 ? {} : { startupProbe: renderProbe(listeningCommand(awaitedPorts), 5) }),
    };
}

/** A worker is ready when it has joined. The cluster asks no more then, until the worker is started again. */
function renderJoinCheck({ template: { joinCheck }, rank }: Templated): Pick<Container, "startupProbe"> {
    if (joinCheck === undefined) {
        return {};
    }
    const own = literally(joinCheck);
    const command = rank === undefined ? map(own, (parts) => [...ranked, ...parts]) : own;
    return { startupProbe: renderProbe(command, joinCheckSeconds) };
}

function renderProbe(command: Command, timeoutSeconds: number): Container["startupProbe"] {
    return {
        exec: { command },
        periodSeconds: 1,
        timeoutSeconds,
        // How long to wait is up to the program, which says why it gave up; the cluster would kill the engine.
        failureThreshold: 2 ** 31 - 1,
    };
}

function renderResources(
    { cpu, memory, disk, nvidiaGpu }: EngineTemplate,
    { requests }: PodOptions,
): Container["resources"] {
    const others = {
        ...(disk === undefined ? {} : { "ephemeral-storage": map(disk, memoryQuantity) }),
        ...(nvidiaGpu === 0 ? {} : { "nvidia.com/gpu": String(nvidiaGpu) }),
    };
    return {
        limits: { cpu: map(cpu, cpuQuantity), memory: map(memory, memoryQuantity), ...others },
        requests: {
            cpu: map(requests?.cpu ?? cpu, cpuQuantity),
            memory: map(requests?.memory ?? memory, memoryQuantity),
            ...others,
        },
    };
}

const sharedMemoryVolume = "shared-memory";
const projectVolume = "project";

function renderAllVolumes(
    plan: Plan,
    template: EngineTemplate,
    { files, claim: ownClaim }: EngineContext,
): PodSpec["volumes"] {
    const { projectVolume: claim } = plan.kubernetes;
    const { sharedMemory } = podOptionsOf(plan, template);
    return [
        {
            name: sharedMemoryVolume,
            emptyDir: { medium: "Memory", sizeLimit: map(sharedMemory ?? template.memory, memoryQuantity) },
        },
        ...renderWritableVolumes(plan),
        ...(claim === undefined
            ? renderVolumes(template, files)
            : [
                  {
                      name: projectVolume,
                      persistentVolumeClaim: {
                          claimName: claim.claimName,
                          ...(claim.readOnly ? { readOnly: true } : {}),
                      },
                  },
              ]),
        ...renderMountedVolumes(plan, ownClaim),
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
    { plan, ownership: { network, namespace } }: OwnedContext,
    { template, alias }: Templated,
    { place }: EngineContext,
): Partial<PodSpec> {
    const isMaster = template.role === "master";
    const { alias: masterAlias, name: masterName } = plan.master;
    // A resolver takes each entry of a search path as it is: without the cluster's domain, it would find nothing.
    const { clusterDomain } = plan.kubernetes;
    return {
        ...(alias === undefined ? {} : { hostname: alias }),
        subdomain: network,
        dnsConfig: { searches: [pulumi.interpolate`${network}.${namespace}.svc.${clusterDomain}`] },
        ...(isMaster ? {} : { hostAliases: [{ ip: place.masterIp, hostnames: [masterAlias, masterName] }] }),
    };
}

function renderSafety(plan: Plan, { image }: EngineTemplate, options: PodOptions): Partial<PodSpec> {
    const { runAsUser, runAsGroup, fsGroup } = options;
    const isRoot = runAsUser === undefined ? map(image, (name) => buildCommandOf(name) === undefined) : runAsUser === 0;
    const nonRoot = options.runAsNonRoot ?? map(isRoot, (root) => !root);
    return {
        securityContext: {
            runAsNonRoot: nonRoot,
            seccompProfile: { type: "RuntimeDefault" },
            ...(runAsUser === undefined ? {} : { runAsUser }),
            ...(runAsGroup === undefined ? {} : { runAsGroup }),
            ...(fsGroup === undefined ? renderSharedGroup(plan) : { fsGroup }),
        },
        automountServiceAccountToken: options.serviceAccountToken,
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
