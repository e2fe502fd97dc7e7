import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../model/labels";
import { Plan, PlannedEngine } from "../../model/plan";
import { WorkerKind } from "../options";
import { literal } from "./expansion";
import { tokenPath, renderToken } from "./token";
import { engineLabels } from "./labels";
import { Ownership } from "./network";
import { PodSpec, EngineContext, followMaster, podOptionsOf, renderPodSpec } from "./pod";

/** Whether a Job makes the Pods of an engine: it alone counts how often one is tried again. */
export function makesJobs(plan: Plan, { environment, restarts }: PlannedEngine): boolean {
    const isCounted = restarts > 0 && Number.isFinite(restarts);
    return environment.role === "worker" && (plan.kubernetes.workers === WorkerKind.IndexedJob || isCounted);
}

type ObjectMeta = kubernetes.types.input.meta.v1.ObjectMeta;

/** What a Job is replaced for besides what the provider knows: the cluster refuses these changes, or it is to be made anew. */
export const replacesJob = [
    "spec.backoffLimitPerIndex",
    "spec.completionMode",
    "metadata.ownerReferences",
    tokenPath,
    "#initerror",
];

/** A worker that is tried again so many times, as a Job with one Pod at a time: a bare Pod's restarts have no limit. */
export function createWorkerJob(
    plan: Plan,
    engine: PlannedEngine,
    ownership: Ownership,
    surroundings: EngineContext,
    dependsOn: pulumi.Resource[],
    session: pulumi.Resource,
): kubernetes.batch.v1.Job {
    const { metadata, template } = renderJob(plan, engine, ownership, surroundings);
    return new kubernetes.batch.v1.Job(
        engine.name,
        { metadata, spec: { completions: 1, parallelism: 1, backoffLimit: engine.restarts, template } },
        {
            parent: session,
            dependsOn,
            deleteBeforeReplace: true,
            replaceOnChanges: replacesJob,
            ...followMaster(surroundings),
        },
    );
}

/** What Jobs of workers have in common: what they say of themselves, with some annotations, and what their Pods are. */
export function renderJob(
    plan: Plan,
    engine: PlannedEngine,
    ownership: Ownership,
    surroundings: EngineContext,
    more: Record<string, string> = {},
): { metadata: ObjectMeta; template: { metadata: ObjectMeta; spec: PodSpec } } {
    const { labels: own, annotations } = podOptionsOf(plan, engine);
    const labels = { ...own, ...engineLabels(plan, engine) };
    const generation = renderToken(surroundings.generation);
    return {
        metadata: ownership.metadata(labels, {
            annotations: { ...annotations, "pulumi.com/skipAwait": "true", ...more, ...generation },
        }),
        template: {
            metadata: {
                labels: { ...labels, [label.network]: ownership.network },
                ...(annotations === undefined ? {} : { annotations }),
            },
            spec: renderPodSpec(plan, engine, surroundings),
        },
    };
}

const noLimit = 2 ** 31 - 1;

/** The number of workers, noted where a change of it shows in a preview. */
const countAnnotation = "distributed-session.workers";

/** A Job counts its Pods from 0, and ranks are counted from 1: only a shell can add in between. */
const ranked = ["sh", "-c", literal('export RANK=$((JOB_COMPLETION_INDEX + 1)); exec "$@"'), "sh"];

/**
 * All workers as one Indexed Job. How many they are is set when it is created, and from then on by the program through the cluster's
 * API: the provider would replace the Job, and with it every worker.
 */
export function createIndexedJob(
    plan: Plan,
    workers: PlannedEngine[],
    ownership: Ownership,
    surroundings: EngineContext,
    dependsOn: pulumi.Resource[],
    session: pulumi.Resource,
): kubernetes.batch.v1.Job {
    const [first] = workers;
    const anyWorker: PlannedEngine = { ...first!, environment: { ...first!.environment, rank: undefined } };
    const annotations = { [countAnnotation]: String(workers.length) };
    const { metadata, template } = renderJob(plan, anyWorker, ownership, surroundings, annotations);
    const [container] = template.spec.containers as kubernetes.types.input.core.v1.Container[];
    return new kubernetes.batch.v1.Job(
        `${plan.name}-workers`,
        {
            metadata,
            spec: {
                completionMode: "Indexed",
                completions: workers.length,
                parallelism: workers.length,
                // A worker that fails is to end nobody else; what it means for the session is not the Job's to say.
                ...(Number.isFinite(anyWorker.restarts)
                    ? { backoffLimitPerIndex: anyWorker.restarts }
                    : { backoffLimit: noLimit }),
                template: { ...template, spec: { ...template.spec, containers: [{ ...container!, command: ranked }] } },
            },
        },
        {
            parent: session,
            dependsOn,
            deleteBeforeReplace: true,
            ...followMaster(surroundings),
            ignoreChanges: ["spec.completions", "spec.parallelism"],
            replaceOnChanges: replacesJob,
        },
    );
}
