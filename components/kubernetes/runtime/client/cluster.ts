import type * as k8s from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import * as fs from "fs";
import { SessionContext } from "../../../model/context";
import { SessionError, show } from "../../../model/errors";
import { Plan } from "../../../model/plan";
import { isOnMocks } from "../../../program/mode";
import { NoAnswer, Patience, defaultPatience } from "../../../observing/time";
import { aliveWatch, apiConfigurationOf } from "./deadlines";

/** The name under which the cluster notes the changes that the program makes itself. */
export const fieldManager = "distributed-session";

/** How the program connects to the cluster of a session. */
export interface ClusterSettings {
    /** The content of a kubeconfig, or its file. */
    kubeconfig?: string;
    context?: string;
    /** The name of a cluster in the kubeconfig. */
    cluster?: string;
}

/** The clients for one namespace of a cluster. */
export interface Cluster {
    namespace: string;
    core: k8s.CoreV1Api;
    batch: k8s.BatchV1Api;
    networking: k8s.NetworkingV1Api;
    watch: Pick<k8s.Watch, "watch">;
    log: k8s.Log;
    /** The API server's time in ms, as its latest answer gave it; this machine's before the first answer. */
    now(): number;
}

/**
 * The cluster of the provider that a resource's children use, or the one in the session's arguments. A provider's class does not
 * declare its settings, but its object holds them.
 */
export function clusterSettingsOf(plan: Plan, resource: pulumi.Resource): pulumi.Output<ClusterSettings> {
    const { kubeconfig, context } = plan.kubernetes;
    const provider = resource.getProvider("kubernetes:core/v1:Pod");
    const settings = provider === undefined ? settingsOfStack() : settingsIn(provider);
    const own = Object.fromEntries(Object.entries({ kubeconfig, context }).filter(([, value]) => value !== undefined));
    // Credentials are secret; the state of the engines is not.
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

/** A value; undefined where it is unknown, as each setting of a provider without a value is in a preview. */
export async function unlessUnknown(
    setting: pulumi.Output<string | undefined> | undefined,
): Promise<string | undefined> {
    const { isKnown } = (setting ?? {}) as unknown as { isKnown?: Promise<boolean> };
    return (await isKnown) ? new Promise((resolve) => setting!.apply(resolve)) : undefined;
}

/** Finds the cluster as the provider does: by its settings, `KUBECONFIG`, the home folder's file, or the Pod that the program runs in. */
export async function loadKubeConfig(settings: ClusterSettings): Promise<k8s.KubeConfig> {
    // The client is large: a session on Docker does not load it.
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

/** Opens the clients for a namespace, with a deadline for each request. No request is sent yet. */
export async function openCluster(
    settings: ClusterSettings,
    namespace: string,
    patience: Patience = defaultPatience,
): Promise<Cluster> {
    const client = await import("@kubernetes/client-node");
    const config = await loadKubeConfig(settings);
    let aheadMs = 0;
    const apiConfig = await apiConfigurationOf(config, patience, (response) => {
        const time = Date.parse(response.headers.date ?? "");
        aheadMs = Number.isNaN(time) ? aheadMs : time - Date.now();
    });
    void pulumi.log.debug(`Kubernetes: connecting to ${config.getCurrentCluster()!.server}, namespace ${namespace}`);
    const version = new client.VersionApi(apiConfig);
    return {
        namespace,
        core: new client.CoreV1Api(apiConfig),
        batch: new client.BatchV1Api(apiConfig),
        networking: new client.NetworkingV1Api(apiConfig),
        watch: aliveWatch(new client.Watch(config), () => version.getCode(), patience.pingEveryMs),
        log: new client.Log(config),
        now: () => Date.now() + aheadMs,
    };
}

/**
 * What the first resources of a session depend on: nothing, once the cluster has answered. Without an answer, the provider would retry
 * silently and without end, in a preview too.
 */
export function reachedCluster(context: SessionContext): pulumi.Output<pulumi.Resource[]> {
    if (isOnMocks()) {
        return pulumi.output([]);
    }
    const { plan, session } = context;
    return clusterSettingsOf(plan, session).apply(async (settings) => {
        const config = await reach(settings, session);
        const namespace = existingNamespace(context);
        if (namespace !== undefined) {
            await findNamespace(config, namespace, session);
        }
        return [];
    });
}

/** The name of a namespace that must exist already; undefined where this program may be about to create it. */
function existingNamespace({ plan, waitsForOthers }: SessionContext): string | undefined {
    const { namespace, createNamespace } = plan.kubernetes;
    return typeof namespace === "string" && !createNamespace && waitsForOthers !== true ? namespace : undefined;
}

const unauthorized = 401;
const notFound = 404;

const remedy = "set KUBECONFIG, or give the session a kubernetes.Provider with kubeconfig";

/** Throws what an API server that says nothing means for a session. */
function throwSilence(error: unknown, place: string, session: pulumi.Resource): void {
    if (error instanceof NoAnswer) {
        const text = `The cluster${place} has not answered for ${error.seconds} s: its API server is stopped or stuck, or the network does not lead to it (a VPN, a firewall). Restart it, or choose another one: ${remedy}.`;
        throw new SessionError(text, session);
    }
}

/** Sends a first request to the cluster, and returns the kubeconfig with which it was answered. */
async function reach(settings: ClusterSettings, session: pulumi.Resource): Promise<k8s.KubeConfig> {
    const { VersionApi } = await import("@kubernetes/client-node");
    let config: k8s.KubeConfig | undefined;
    let server: string | undefined;
    try {
        config = await loadKubeConfig(settings);
        server = config.getCurrentCluster()?.server;
        await new VersionApi(await apiConfigurationOf(config, defaultPatience)).getCode();
    } catch (error) {
        const place = server === undefined ? "" : ` at ${server}`;
        throwSilence(error, place, session);
        if (codeOf(error) === unauthorized) {
            const text = `The cluster${place} does not accept the credentials of the kubeconfig (${formatClusterError(error)}); they may have expired. Log in to the cluster again, or choose other credentials: ${remedy}.`;
            throw new SessionError(text, session);
        }
        // Any other refusal is an answer.
        if (config === undefined || codeOf(error) === undefined) {
            const text = `The cluster${place} cannot be reached (${formatClusterError(error)}). Start it, or choose another one: ${remedy}.`;
            throw new SessionError(text, session);
        }
    }
    return config;
}

/** Fails where the session's namespace is missing: the provider would retry for a minute. Without the right to see it, nothing is known. */
async function findNamespace(config: k8s.KubeConfig, name: string, session: pulumi.Resource): Promise<void> {
    const { CoreV1Api } = await import("@kubernetes/client-node");
    try {
        await new CoreV1Api(await apiConfigurationOf(config, defaultPatience)).readNamespace({ name });
    } catch (error) {
        throwSilence(error, ` at ${config.getCurrentCluster()?.server}`, session);
        if (codeOf(error) === notFound) {
            const text = `kubernetes.namespace: ${show(name)} does not exist on the cluster. Create it (kubectl create namespace ${name}), or let the session create and delete it: kubernetes.createNamespace: true. If this program creates it, give the session the resource's metadata.name.`;
            throw new SessionError(text, session);
        }
        void pulumi.log.debug(`Kubernetes: the namespace ${name} cannot be read: ${formatClusterError(error)}`);
    }
}

/** The API server's own words, without the HTTP around them. */
export function formatClusterError(error: unknown): string {
    const { body, message } = error as { body?: unknown; message?: string };
    // The client's message of an answer that it could not read holds all headers.
    const unread = /^HTTP-Code: (\d+)\s+Message: (.*?)\s+Body: /s.exec(message ?? "");
    const summary = unread === null ? message : `HTTP ${unread[1]}: ${unread[2]}`;
    const text = parseStatus(body)?.message ?? summary ?? String(error);
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

/** The HTTP status of an error that is an answer of the API server; undefined for any other error. */
export function codeOf(error: unknown): number | undefined {
    const { code, statusCode } = error as { code?: unknown; statusCode?: number };
    return typeof code === "number" ? code : statusCode;
}

/** Whether the same request may succeed a little later: the API server, or the connection to it, is disturbed. */
export function isPassing(error: unknown): boolean {
    const code = codeOf(error);
    return !(error instanceof NoAnswer) && (code === undefined || code >= 500 || code === 429);
}

/** The result of a request; undefined, with a debug message, without the right to it. `right` names the right: `list jobs`. */
export async function unlessForbidden<T>(right: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
        return await ask();
    } catch (error) {
        if (codeOf(error) !== 403) {
            throw error;
        }
        void pulumi.log.debug(`Kubernetes: no right to ${right}: ${formatClusterError(error)}`);
        return undefined;
    }
}
