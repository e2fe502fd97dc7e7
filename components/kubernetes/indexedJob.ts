import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Wait } from "../args";
import { label } from "../labels";
import { Plan, PlannedEngine } from "../plan";
import { literal } from "./expansion";
import { engineLabels } from "./labels";
import { Ownership } from "./network";
import { Surroundings, podOptionsOf, renderPodSpec } from "./pod";

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
    const { labels: own, annotations } = podOptionsOf(plan, anyWorker);
    const labels = { ...own, ...engineLabels(plan, anyWorker) };
    const runsOnce = plan.wait === Wait.Completed;
    const spec = renderPodSpec(plan, anyWorker, surroundings);
    const [container] = spec.containers as kubernetes.types.input.core.v1.Container[];
    return new kubernetes.batch.v1.Job(
        `${plan.name}-workers`,
        {
            metadata: ownership.metadata(labels, {
                annotations: {
                    ...annotations,
                    "pulumi.com/skipAwait": "true",
                    [countAnnotation]: String(workers.length),
                },
            }),
            spec: {
                completionMode: "Indexed",
                completions: workers.length,
                parallelism: workers.length,
                // A worker that fails is to end nobody else; what it means for the session is not the Job's to say.
                ...(runsOnce ? { backoffLimitPerIndex: 0 } : { backoffLimit: noLimit }),
                template: {
                    metadata: {
                        labels: { ...labels, [label.network]: ownership.network },
                        ...(annotations === undefined ? {} : { annotations }),
                    },
                    spec: { ...spec, containers: [{ ...container!, command: ranked }] },
                },
            },
        },
        {
            parent: session,
            dependsOn,
            deleteBeforeReplace: true,
            ignoreChanges: ["spec.completions", "spec.parallelism"],
            replaceOnChanges: [
                "spec.backoffLimitPerIndex",
                "spec.completionMode",
                "metadata.ownerReferences",
                "#initerror",
            ],
        },
    );
}
