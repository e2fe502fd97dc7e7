import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { EngineTemplate, PlannedEngine } from "../../model/plan";
import { laterVariables } from "./environment";
import { componentOf, engineLabels, renderNewToken, renderToken, sessionLabels, tokenPath } from "../labels";
import { filesNameOf } from "../names";
import { OwnedContext, Ownership } from "./ownership";
import { EngineContext, followMaster, podOptionsOf, renderPodSpec } from "./pod";
import { renderContents } from "./projectFiles";

/** Until the master has an address, or is Failed without one; the provider's own waiting knows no failure and no end. */
const addressOrFailure = 'jsonpath={..[?(@.podIP || @.phase=="Failed" || @.reason=="Unschedulable")]}';
const addressOrPatience = 'jsonpath={..[?(@.podIP || @.phase=="Failed")]}';

/** What a Pod is replaced for besides what the provider knows: the cluster refuses these changes, or the token forces it. */
const replacesPod = [
    "spec.activeDeadlineSeconds",
    "spec.containers[*].envFrom",
    "spec.containers[*].startupProbe",
    "spec.tolerations",
    "spec.topologySpreadConstraints",
    "metadata.ownerReferences",
    tokenPath,
];

/** The project's files as a ConfigMap; nothing where there are none, or a volume holds them. */
export function createFiles(
    { plan, session, ownership }: OwnedContext,
    token: pulumi.Input<string>,
): kubernetes.core.v1.ConfigMap | undefined {
    const { files } = plan.master.template;
    if (files.length === 0) {
        return undefined;
    }
    return new kubernetes.core.v1.ConfigMap(
        `${plan.name}-files`,
        {
            // A name of its own at each change would replace every engine; those that a change concerns name their files themselves.
            metadata: ownership.metadata(sessionLabels(plan, "project"), {
                name: filesName(ownership),
                annotations: renderToken(token),
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

/** The variables of the master or of a group that come from other resources, as a Secret; nothing where there are none. */
export function createSecret(
    { plan, session, ownership }: OwnedContext,
    template: EngineTemplate,
    token: pulumi.Input<string>,
): kubernetes.core.v1.Secret | undefined {
    const variables = laterVariables(template);
    if (variables === undefined) {
        return undefined;
    }
    const component = componentOf(template);
    return new kubernetes.core.v1.Secret(
        `${plan.name}-${component}-env`,
        {
            metadata: ownership.metadata(sessionLabels(plan, component), { annotations: renderNewToken(token) }),
            stringData: variables,
        },
        { parent: session, replaceOnChanges: [tokenPath] },
    );
}

/** The master as a Pod. It counts as created when it has an address, which the workers are given. */
export function createMaster(context: OwnedContext, engine: EngineContext): kubernetes.core.v1.Pod {
    const { plan } = context;
    const patience = plan.kubernetes.scheduleTimeoutSeconds;
    const waitFor = patience > 0 ? addressOrPatience : addressOrFailure;
    const seconds = plan.startTimeout === 0 ? "24h" : `${plan.startTimeout + patience}s`;
    const options = { customTimeouts: { create: seconds, update: seconds } };
    return createPod(context, plan.master, engine, { waiting: { "pulumi.com/waitFor": waitFor }, options });
}

/** A worker as a Pod, which counts as created at once: the program observes how it goes on. */
export function createWorker(
    context: OwnedContext,
    worker: PlannedEngine,
    engine: EngineContext,
): kubernetes.core.v1.Pod {
    return createPod(context, worker, engine, { waiting: { "pulumi.com/skipAwait": "true" } });
}

function createPod(
    context: OwnedContext,
    planned: PlannedEngine,
    engine: EngineContext,
    { waiting, options = {} }: { waiting: Record<string, string>; options?: pulumi.CustomResourceOptions },
): kubernetes.core.v1.Pod {
    const { plan, session, ownership } = context;
    const { labels, annotations } = podOptionsOf(plan, planned.template);
    return new kubernetes.core.v1.Pod(
        planned.name,
        {
            metadata: ownership.metadata(
                { ...labels, ...engineLabels(plan, planned) },
                { annotations: { ...annotations, ...waiting, ...renderToken(engine.token) } },
            ),
            spec: renderPodSpec(context, planned, engine),
        },
        {
            parent: session,
            dependsOn: engine.dependsOn,
            deleteBeforeReplace: true,
            replaceOnChanges: replacesPod,
            ...followMaster(engine),
            ...options,
        },
    );
}
