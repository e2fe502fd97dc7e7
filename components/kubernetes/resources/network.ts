import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../model/labels";
import { Plan } from "../../model/plan";
import { sessionLabels, sessionValue } from "./labels";
import { Egress, WorkerKind } from "../options";

/** The namespace of a session's own, if it is to have one. */
export function createNamespace(
    plan: Plan,
    reached: pulumi.Output<pulumi.Resource[]>,
    session: pulumi.Resource,
): kubernetes.core.v1.Namespace | undefined {
    const { namespace, createNamespace: wanted } = plan.kubernetes;
    if (!wanted) {
        return undefined;
    }
    const metadata = {
        ...(namespace === undefined ? {} : { name: namespace }),
        labels: sessionLabels(plan, "namespace"),
    };
    const options = { parent: session, dependsOn: reached };
    return new kubernetes.core.v1.Namespace(`${plan.name}-namespace`, { metadata }, options);
}

/**
 * The session's Service: it gives the engines names, and it owns all that the session has in the cluster. Deleting it, also by hand,
 * deletes the rest.
 */
export function createService(
    plan: Plan,
    namespace: pulumi.Input<string> | undefined,
    reached: pulumi.Output<pulumi.Resource[]>,
    session: pulumi.Resource,
): kubernetes.core.v1.Service {
    const { ports } = plan.master;
    // The workers of a Job have names of its own, and to keep account of hundreds of them slows a cluster down.
    const named: Record<string, string> =
        plan.kubernetes.workers === WorkerKind.IndexedJob ? { [label.role]: "master" } : {};
    return new kubernetes.core.v1.Service(
        plan.name,
        {
            metadata: {
                labels: sessionLabels(plan, "network"),
                // There is nothing to wait for, and the provider's waiting never ends for who may not list endpoints.
                annotations: { "pulumi.com/skipAwait": "true" },
                ...(namespace === undefined ? {} : { namespace }),
            },
            spec: {
                clusterIP: "None",
                // Engines find each other before they are ready.
                publishNotReadyAddresses: true,
                selector: { [label.session]: sessionValue(plan), ...named },
                ...(ports.length === 0
                    ? {}
                    : { ports: ports.map((port) => ({ name: `port-${port}`, port, protocol: "TCP" })) }),
            },
        },
        { parent: session, dependsOn: reached },
    );
}

/** What every object of the session says of itself and of the Service that owns it. */
export interface Ownership {
    network: pulumi.Output<string>;
    namespace: pulumi.Output<string>;
    /** The metadata of an object: the labels it has beside, and what else belongs there. */
    metadata(
        labels: Record<string, pulumi.Input<string>>,
        more?: kubernetes.types.input.meta.v1.ObjectMeta,
    ): kubernetes.types.input.meta.v1.ObjectMeta;
}

/** Lets the Service own what the rest of the session declares; `network` is its name, once the rest may be created. */
export function ownershipOf(service: kubernetes.core.v1.Service, network: pulumi.Output<string>): Ownership {
    const { name, namespace, uid } = service.metadata;
    const owner = { apiVersion: "v1", kind: "Service", name, uid, blockOwnerDeletion: true };
    return {
        network,
        namespace,
        metadata: (labels, more) => ({
            namespace,
            ownerReferences: [owner],
            ...more,
            labels: { ...labels, [label.network]: network },
        }),
    };
}

/** Engines reach each other on all ports, and nobody else reaches them. */
export function createPolicy(
    plan: Plan,
    ownership: Ownership,
    session: pulumi.Resource,
): kubernetes.networking.v1.NetworkPolicy {
    const engines = { podSelector: { matchLabels: { [label.network]: ownership.network } } };
    const dns = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));
    const isClosed = plan.kubernetes.egress === Egress.Closed;
    return new kubernetes.networking.v1.NetworkPolicy(
        `${plan.name}-policy`,
        {
            metadata: ownership.metadata(sessionLabels(plan, "network")),
            spec: {
                ...engines,
                policyTypes: isClosed ? ["Ingress", "Egress"] : ["Ingress"],
                ingress: [{ from: [engines] }],
                ...(isClosed ? { egress: [{ to: [engines] }, { ports: dns }] } : {}),
            },
        },
        { parent: session },
    );
}
