import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../model/labels";
import { PlannedEngine, Templated, WorkerGroup } from "../../model/plan";
import { ranked } from "./environment";
import { engineLabels, renderToken, tokenPath } from "../labels";
import { disruptionTarget } from "../names";
import { OwnedContext } from "./ownership";
import { PodSpec, EngineContext, followMaster, podOptionsOf, renderPodSpec } from "./pod";

type ObjectMeta = kubernetes.types.input.meta.v1.ObjectMeta;
type JobSpec = kubernetes.types.input.batch.v1.JobSpec;

/** What a Job is replaced for besides what the provider knows: the cluster refuses these changes, or the token forces it. */
const replacesJob = ["spec.backoffLimitPerIndex", "spec.completionMode", "metadata.ownerReferences", tokenPath];

/** A worker that is tried again so many times, as a Job with one Pod at a time: a bare Pod's restarts have no limit. */
export function createWorkerJob(
    context: OwnedContext,
    worker: PlannedEngine,
    engine: EngineContext,
): kubernetes.batch.v1.Job {
    const { metadata, template } = renderJob(context, worker, engine);
    const { restarts: backoffLimit } = worker.template;
    return new kubernetes.batch.v1.Job(
        worker.name,
        { metadata, spec: { completions: 1, parallelism: 1, backoffLimit, ...forgiving, template } },
        jobOptions(context, engine),
    );
}

/** What Jobs of workers have in common: what they say of themselves, with some annotations, and what their Pods are. */
function renderJob(
    context: OwnedContext,
    workers: Templated,
    engine: EngineContext,
    more: Record<string, string> = {},
): { metadata: ObjectMeta; template: { metadata: ObjectMeta; spec: PodSpec } } {
    const { plan, ownership } = context;
    const { labels: own, annotations } = podOptionsOf(plan, workers.template);
    const labels = { ...own, ...engineLabels(plan, workers) };
    const token = renderToken(engine.token);
    return {
        metadata: ownership.metadata(labels, {
            annotations: { ...annotations, "pulumi.com/skipAwait": "true", ...more, ...token },
        }),
        template: {
            metadata: {
                labels: { ...labels, [label.network]: ownership.network },
                ...(annotations === undefined ? {} : { annotations }),
            },
            spec: renderPodSpec(context, workers, engine),
        },
    };
}

/** A Pod that the cluster takes away has not failed: the Job creates another one and counts nothing. */
const forgiving: Pick<JobSpec, "podFailurePolicy"> = {
    podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: disruptionTarget, status: "True" }] }],
    },
};

const noLimit = 2 ** 31 - 1;

/** The number of workers, noted where a change of it shows in a preview. */
const countAnnotation = "distributed-session.workers";

/**
 * All workers of a group as one Indexed Job. How many they are is set when it is created, and from then on by the program through the cluster's
 * API: the provider would replace the Job, and with it every worker.
 */
export function createIndexedJob(
    context: OwnedContext,
    group: WorkerGroup,
    engine: EngineContext,
): kubernetes.batch.v1.Job {
    const { count } = group;
    const { restarts } = group.template;
    const { metadata, template } = renderJob(context, group, engine, { [countAnnotation]: String(count) });
    const [container] = template.spec.containers as kubernetes.types.input.core.v1.Container[];
    return new kubernetes.batch.v1.Job(
        `${context.plan.name}-${group.name}`,
        {
            metadata,
            spec: {
                completionMode: "Indexed",
                completions: count,
                parallelism: count,
                // A worker that fails is to end nobody else; what it means for the session is not the Job's to say. The cluster takes a
                // policy only where containers do not restart.
                ...(Number.isFinite(restarts)
                    ? { backoffLimitPerIndex: restarts, ...forgiving }
                    : { backoffLimit: noLimit }),
                template: { ...template, spec: { ...template.spec, containers: [{ ...container!, command: ranked }] } },
            },
        },
        jobOptions(context, engine, ["spec.completions", "spec.parallelism"]),
    );
}

function jobOptions(
    { session }: OwnedContext,
    engine: EngineContext,
    scaled: string[] = [],
): pulumi.CustomResourceOptions {
    return {
        parent: session,
        dependsOn: engine.dependsOn,
        deleteBeforeReplace: true,
        replaceOnChanges: replacesJob,
        // The cluster changes no policy of a Job, and one that an earlier version created stays as it is. A new Job has the new policy.
        ignoreChanges: [...scaled, "spec.podFailurePolicy"],
        ...followMaster(engine),
    };
}
