import type * as k8s from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import * as fs from "fs";
import { Plan } from "../../model/plan";

/** How the program reaches the cluster of a session. */
export interface ClusterSettings {
    /** The content of a kubeconfig, or its file. */
    kubeconfig?: string;
    context?: string;
    /** The name of a cluster in the kubeconfig. */
    cluster?: string;
}

/** An open way to a namespace of a cluster. */
export interface Cluster {
    namespace: string;
    core: k8s.CoreV1Api;
    batch: k8s.BatchV1Api;
    watch: k8s.Watch;
    log: k8s.Log;
}

/**
 * The cluster that the provider of a resource's children is set up for, or the one that the user names. A provider's class does not
 * declare its settings, but its object holds them.
 */
export function clusterSettingsOf(plan: Plan, resource: pulumi.Resource): pulumi.Output<ClusterSettings> {
    const { kubeconfig, context } = plan.kubernetes;
    const provider = resource.getProvider("kubernetes:core/v1:Pod");
    const settings = provider === undefined ? settingsOfStack() : settingsIn(provider);
    const own = Object.fromEntries(Object.entries({ kubeconfig, context }).filter(([, value]) => value !== undefined));
    // Credentials are secret; how the engines are doing is not.
    return pulumi.unsecret(pulumi.output({ ...settings, ...own }));
}

function settingsOfStack(): ClusterSettings {
    const config = new pulumi.Config("kubernetes");
    return { kubeconfig: config.get("kubeconfig"), context: config.get("context"), cluster: config.get("cluster") };
}

function settingsIn(
    provider: pulumi.ProviderResource,
): Record<keyof ClusterSettings, pulumi.Input<string | undefined>> {
    const { kubeconfig, context, cluster } = provider as unknown as Record<
        string,
        pulumi.Output<string | undefined> | undefined
    >;
    return { kubeconfig: unlessUnknown(kubeconfig), context: unlessUnknown(context), cluster: unlessUnknown(cluster) };
}

/** A setting of a provider, or undefined where it is unknown: in a preview, a provider does not tell what it was not given. */
async function unlessUnknown(setting: pulumi.Output<string | undefined> | undefined): Promise<string | undefined> {
    const { isKnown } = (setting ?? {}) as unknown as { isKnown?: Promise<boolean> };
    return (await isKnown) ? new Promise((resolve) => setting!.apply(resolve)) : undefined;
}

/** Finds the cluster as the provider does: its settings first, then `KUBECONFIG`, the home folder's file, and the Pod that it runs in. */
export async function loadKubeConfig(settings: ClusterSettings): Promise<k8s.KubeConfig> {
    // Only who uses a cluster loads its client.
    const client = await import("@kubernetes/client-node");
    const config = new client.KubeConfig();
    if (!settings.kubeconfig) {
        config.loadFromDefault();
    } else if (fs.existsSync(settings.kubeconfig)) {
        config.loadFromFile(settings.kubeconfig);
    } else {
        config.loadFromString(settings.kubeconfig);
    }
    if (settings.context) {
        config.setCurrentContext(settings.context);
    }
    if (settings.cluster) {
        const current = config.getContextObject(config.getCurrentContext());
        config.contexts = config.contexts.map((each) =>
            each === current ? { ...each, cluster: settings.cluster! } : each,
        );
    }
    return config;
}

/** Opens the way to a namespace. */
export async function openCluster(settings: ClusterSettings, namespace: string): Promise<Cluster> {
    const client = await import("@kubernetes/client-node");
    const config = await loadKubeConfig(settings);
    return {
        namespace,
        core: config.makeApiClient(client.CoreV1Api),
        batch: config.makeApiClient(client.BatchV1Api),
        watch: new client.Watch(config),
        log: new client.Log(config),
    };
}

/** The API server's own words, without the HTTP around them. */
export function formatClusterError(error: unknown): string {
    const { body, message } = error as { body?: unknown; message?: string };
    const text = parseStatus(body)?.message ?? message ?? String(error);
    return text.trim().replace(/\s+/g, " ");
}

function parseStatus(body: unknown): { message?: string } | undefined {
    if (typeof body !== "string") {
        return body ?? undefined;
    }
    try {
        return JSON.parse(body) as { message?: string };
    } catch {
        return undefined;
    }
}

/** The HTTP status of an error, if it is an answer of the API server. */
export function codeOf(error: unknown): number | undefined {
    const { code, statusCode } = error as { code?: unknown; statusCode?: number };
    return typeof code === "number" ? code : statusCode;
}
