import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../labels";
import { Plan, PlannedEngine } from "../plan";
import { generationPath, renderGeneration } from "./generation";
import { engineLabels } from "./labels";
import { Ownership } from "./network";
import { PodSpec, Surroundings, followMaster, podOptionsOf, renderPodSpec } from "./pod";

type ObjectMeta = kubernetes.types.input.meta.v1.ObjectMeta;

/** What a Job is replaced for besides what the provider knows: the cluster refuses these changes, or it is to be made anew. */
export const replacesJob = [
    "spec.backoffLimitPerIndex",
    "spec.completionMode",
    "metadata.ownerReferences",
    generationPath,
    "#initerror",
];

/** A worker that is tried again so many times, as a Job with one Pod at a time: a bare Pod's restarts have no limit. */
export function createWorkerJob(
    plan: Plan,
    engine: PlannedEngine,
    ownership: Ownership,
    surroundings: Surroundings,
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
    surroundings: Surroundings,
    more: Record<string, string> = {},
): { metadata: ObjectMeta; template: { metadata: ObjectMeta; spec: PodSpec } } {
    const { labels: own, annotations } = podOptionsOf(plan, engine);
    const labels = { ...own, ...engineLabels(plan, engine) };
    const generation = renderGeneration(surroundings.generation);
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
