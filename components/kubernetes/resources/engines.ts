import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Plan, PlannedEngine } from "../../model/plan";
import { laterVariables } from "./environment";
import { filesNameOf } from "../runtime/files";
import { tokenPath, renderToken } from "./token";
import { engineLabels, sessionLabels } from "./labels";
import { Ownership } from "./network";
import { EngineContext, followMaster, podOptionsOf, renderPodSpec } from "./pod";
import { renderContents } from "./projectFiles";

/** Until the master has an address, or is Failed without one; the provider's own waiting knows no failure and no end. */
const addressOrFailure = 'jsonpath={..[?(@.podIP || @.phase=="Failed" || @.reason=="Unschedulable")]}';
const addressOrPatience = 'jsonpath={..[?(@.podIP || @.phase=="Failed")]}';

/** What a Pod is replaced for besides what the provider knows: the cluster refuses these changes, or it is to be made anew. */
const replacesPod = [
    "spec.containers[*].startupProbe",
    "spec.tolerations",
    "spec.topologySpreadConstraints",
    "metadata.ownerReferences",
    tokenPath,
    "#initerror",
];

/** The project's files as a ConfigMap; nothing where there are none, or a volume holds them. */
export function createFiles(
    plan: Plan,
    ownership: Ownership,
    generation: pulumi.Input<string>,
    session: pulumi.Resource,
): kubernetes.core.v1.ConfigMap | undefined {
    const { files } = plan.master;
    if (files.length === 0) {
        return undefined;
    }
    return new kubernetes.core.v1.ConfigMap(
        `${plan.name}-files`,
        {
            // A name of its own at each change would replace every engine; those that a change concerns name their files themselves.
            metadata: ownership.metadata(sessionLabels(plan, "project"), {
                name: filesName(ownership),
                annotations: renderToken(generation),
            }),
            ...renderContents(files),
        },
        { parent: session, deleteBeforeReplace: true, replaceOnChanges: [tokenPath] },
    );
}

/** The name of the ConfigMap with the project's files: not an output of it, so that its replacement replaces nobody. */
export function filesName({ network }: Ownership): pulumi.Output<string> {
    return network.apply(filesNameOf);
}

/** The variables of a role that come from other resources, as a Secret; nothing where there are none. */
export function createSecret(
    plan: Plan,
    engine: PlannedEngine,
    ownership: Ownership,
    session: pulumi.Resource,
): kubernetes.core.v1.Secret | undefined {
    const variables = laterVariables(engine);
    if (variables === undefined) {
        return undefined;
    }
    const { role } = engine.environment;
    return new kubernetes.core.v1.Secret(
        `${plan.name}-${role}-env`,
        { metadata: ownership.metadata(sessionLabels(plan, role)), stringData: variables },
        { parent: session },
    );
}

/** The master as a Pod. It counts as created when it has an address, which the workers are given. */
export function createMaster(
    plan: Plan,
    ownership: Ownership,
    surroundings: EngineContext,
    dependsOn: pulumi.Resource[],
    session: pulumi.Resource,
): kubernetes.core.v1.Pod {
    const patience = plan.kubernetes.scheduleTimeoutSeconds ?? 0;
    const waitFor = patience > 0 ? addressOrPatience : addressOrFailure;
    const seconds = plan.startTimeout === 0 ? "24h" : `${plan.startTimeout + patience}s`;
    return createPod(
        plan,
        plan.master,
        ownership,
        surroundings,
        { "pulumi.com/waitFor": waitFor },
        {
            parent: session,
            dependsOn,
            customTimeouts: { create: seconds, update: seconds },
        },
    );
}

/** A worker as a Pod, which counts as created at once: how it is doing is seen by the program. */
export function createWorker(
    plan: Plan,
    engine: PlannedEngine,
    ownership: Ownership,
    surroundings: EngineContext,
    dependsOn: pulumi.Resource[],
    session: pulumi.Resource,
): kubernetes.core.v1.Pod {
    return createPod(
        plan,
        engine,
        ownership,
        surroundings,
        { "pulumi.com/skipAwait": "true" },
        { parent: session, dependsOn },
    );
}

function createPod(
    plan: Plan,
    engine: PlannedEngine,
    ownership: Ownership,
    surroundings: EngineContext,
    waiting: Record<string, string>,
    options: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Pod {
    const { labels, annotations } = podOptionsOf(plan, engine);
    return new kubernetes.core.v1.Pod(
        engine.name,
        {
            metadata: ownership.metadata(
                { ...labels, ...engineLabels(plan, engine) },
                { annotations: { ...annotations, ...waiting, ...renderToken(surroundings.generation) } },
            ),
            spec: renderPodSpec(plan, engine, surroundings),
        },
        { ...options, ...followMaster(surroundings), deleteBeforeReplace: true, replaceOnChanges: replacesPod },
    );
}
