import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Plan, PlannedEngine } from "../plan";
import { literal } from "./expansion";
import { Ownership } from "./network";
import { Surroundings, followMaster } from "./pod";
import { renderJob, replacesJob } from "./workerJob";

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
    surroundings: Surroundings,
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
