import assert from "node:assert/strict";
import * as k8s from "@kubernetes/client-node";
import { PassThrough } from "stream";
import { aliasOf, label } from "../../../components/model/labels";
import { Executed, LiveEngine, Site } from "./site";

/** How long what is going away may take to do so. */
const leavingMs = 20_000;
const container = "engine";
const indexLabel = "batch.kubernetes.io/job-completion-index";

/** A Pod of a session, and all that the cluster says of it. */
export interface LivePod extends LiveEngine {
    pod: k8s.V1Pod;
}

/** The cluster of `KUBECONFIG` as the tests inspect it, past Pulumi. */
export class Cluster implements Site {
    readonly config = new k8s.KubeConfig();
    readonly core: k8s.CoreV1Api;
    readonly batch: k8s.BatchV1Api;
    readonly networking: k8s.NetworkingV1Api;

    constructor() {
        this.config.loadFromDefault();
        this.core = this.config.makeApiClient(k8s.CoreV1Api);
        this.batch = this.config.makeApiClient(k8s.BatchV1Api);
        this.networking = this.config.makeApiClient(k8s.NetworkingV1Api);
    }

    async leftovers(identity: string): Promise<string[]> {
        for (const end = Date.now() + leavingMs; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
            const objects = await this.objects(identity);
            const isLeaving = objects.some(({ metadata }) => metadata?.deletionTimestamp !== undefined);
            if (!isLeaving || Date.now() > end) {
                return objects.map(({ metadata }) => metadata!.name!);
            }
        }
    }

    async engines(identity: string): Promise<Map<string, LivePod>> {
        const { items } = await this.core.listPodForAllNamespaces({ labelSelector: selectorOf(identity) });
        const staying = items.filter(({ metadata }) => metadata!.deletionTimestamp === undefined);
        return new Map(staying.map((pod) => [alias(pod), describePod(pod)]));
    }

    exec(engine: LiveEngine, ...command: string[]): Promise<Executed> {
        return this.execIn((engine as LivePod).pod, container, ...command);
    }

    /** Runs a command in a container of any Pod. */
    execIn({ metadata }: k8s.V1Pod, container: string, ...command: string[]): Promise<Executed> {
        const [output, chunks] = [new PassThrough(), [] as Buffer[]];
        output.on("data", (chunk: Buffer) => chunks.push(chunk));
        return new Promise((resolve, reject) => {
            const ended = (status: k8s.V1Status) =>
                resolve({ text: Buffer.concat(chunks).toString(), exitCode: exitCodeOf(status) });
            new k8s.Exec(this.config)
                .exec(metadata!.namespace!, metadata!.name!, container, command, output, output, null, false, ended)
                .catch(reject);
        });
    }

    async remove(engine: LiveEngine): Promise<void> {
        const { name, namespace } = (engine as LivePod).pod.metadata!;
        await this.core.deleteNamespacedPod({ name: name!, namespace: namespace!, gracePeriodSeconds: 0 });
    }

    /** Has an engine evicted, as `kubectl drain` does. */
    async evict(engine: LiveEngine): Promise<void> {
        const { name, namespace } = (engine as LivePod).pod.metadata!;
        const which = { name: name!, namespace: namespace! };
        await this.core.createNamespacedPodEviction({ ...which, body: { metadata: which } });
    }

    async listen(engine: LiveEngine): Promise<() => string> {
        const { metadata } = (engine as LivePod).pod;
        const stream = new PassThrough();
        let text = "";
        stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
        const options = { follow: true };
        await new k8s.Log(this.config).log(metadata!.namespace!, metadata!.name!, container, stream, options);
        return () => text;
    }

    /** Deletes all objects of one kind that a session has. */
    async removeOthers(kind: "NetworkPolicy" | "Secret", identity: string): Promise<void> {
        const labelled = { labelSelector: selectorOf(identity) };
        const { items } =
            kind === "Secret"
                ? await this.core.listSecretForAllNamespaces(labelled)
                : await this.networking.listNetworkPolicyForAllNamespaces(labelled);
        assert.notEqual(items.length, 0);
        for (const { metadata } of items) {
            const where = { name: metadata!.name!, namespace: metadata!.namespace! };
            await (kind === "Secret"
                ? this.core.deleteNamespacedSecret(where)
                : this.networking.deleteNamespacedNetworkPolicy(where));
        }
    }

    /** Everything that carries a session's label, in all namespaces. */
    private async objects(identity: string): Promise<k8s.KubernetesObject[]> {
        const labelled = { labelSelector: selectorOf(identity) };
        const lists = await Promise.all([
            this.core.listPodForAllNamespaces(labelled),
            this.batch.listJobForAllNamespaces(labelled),
            this.core.listServiceForAllNamespaces(labelled),
            this.core.listConfigMapForAllNamespaces(labelled),
            this.core.listSecretForAllNamespaces(labelled),
            this.core.listPersistentVolumeClaimForAllNamespaces(labelled),
            this.networking.listNetworkPolicyForAllNamespaces(labelled),
            this.core.listNamespace(labelled),
        ]);
        return lists.flatMap(({ items }) => items as k8s.KubernetesObject[]);
    }
}

/** The Service of a session through which others reach its published ports. */
export async function publishedService({ core }: Cluster, identity: string): Promise<k8s.V1Service> {
    const labelSelector = `${selectorOf(identity)},app.kubernetes.io/component=published`;
    const { items } = await core.listServiceForAllNamespaces({ labelSelector });
    assert.equal(items.length, 1);
    return items[0]!;
}

/** Which label everything of a session has. */
export function selectorOf(identity: string): string {
    return `${label.session}=${identity.replaceAll("/", ".")}`;
}

function alias({ metadata }: k8s.V1Pod): string {
    const { [label.rank]: rank, [indexLabel]: index, [label.group]: group } = metadata!.labels!;
    return aliasOf({ rank: Number(rank ?? Number(index) + 1), group });
}

function exitCodeOf({ status, details }: k8s.V1Status): number {
    const cause = details?.causes?.find(({ reason }) => reason === "ExitCode");
    return status === "Success" ? 0 : Number(cause?.message ?? -1);
}

function describePod(pod: k8s.V1Pod): LivePod {
    const { metadata, spec, status } = pod;
    const seen = status!.containerStatuses?.[0];
    const { running, terminated = seen?.lastState?.terminated } = seen?.state ?? {};
    return {
        pod,
        id: metadata!.uid!,
        outputId: metadata!.name!,
        ip: status!.podIP ?? "",
        isRunning: running !== undefined,
        isReady: status!.conditions?.some((each) => each.type === "Ready" && each.status === "True") ?? false,
        createdAt: Number(metadata!.creationTimestamp),
        startedAt: Number(running?.startedAt ?? terminated?.startedAt),
        finishedAt: Number(terminated?.finishedAt),
        hostFolders: (spec!.volumes ?? []).flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath.path])),
        hostPorts: spec!.containers.flatMap(({ ports = [] }) =>
            ports.flatMap(({ hostPort, containerPort }) => (spec!.hostNetwork ? containerPort : (hostPort ?? []))),
        ),
    };
}
