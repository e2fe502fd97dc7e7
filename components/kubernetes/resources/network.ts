import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Egress } from "../../model/args";
import { label } from "../../model/labels";
import { IdentifiedContext, SessionContext } from "../../model/context";
import { renderNewToken, sessionLabels, sessionValue, tokenPath } from "../labels";
import { OwnedContext } from "./ownership";
import { WorkerKind } from "../options";

/** The namespace of a session's own, if it is to have one. */
export function createNamespace(
    { plan, session }: SessionContext,
    reached: pulumi.Output<pulumi.Resource[]>,
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
    { plan, session, identity: { uid } }: IdentifiedContext,
    namespace: pulumi.Input<string> | undefined,
    reached: pulumi.Output<pulumi.Resource[]>,
): kubernetes.core.v1.Service {
    // The workers of a Job have names of its own, and to keep account of hundreds of them slows a cluster down.
    const named: Record<string, string> =
        plan.kubernetes.workers === WorkerKind.IndexedJob ? { [label.role]: "master" } : {};
    return new kubernetes.core.v1.Service(
        plan.name,
        {
            metadata: {
                labels: uid.apply((known) => ({
                    ...sessionLabels(plan, "network"),
                    ...(known === undefined ? {} : { [label.uid]: known }),
                })),
                // There is nothing to wait for, and the provider's waiting never ends for who may not list endpoints.
                annotations: { "pulumi.com/skipAwait": "true" },
                ...(namespace === undefined ? {} : { namespace }),
            },
            spec: {
                clusterIP: "None",
                // Engines find each other before they are ready.
                publishNotReadyAddresses: true,
                // It lists no ports: they would be those of every engine that it selects, and only the master listens on them.
                selector: { [label.session]: sessionValue(plan), ...named },
            },
        },
        { parent: session, dependsOn: reached },
    );
}

/** Engines reach each other on all ports, and nobody else reaches them. */
export function createPolicy(
    { plan, session, ownership }: OwnedContext,
    token: pulumi.Input<string>,
): kubernetes.networking.v1.NetworkPolicy {
    const engines = { podSelector: { matchLabels: { [label.network]: ownership.network } } };
    const dns = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));
    const isClosed = plan.egress === Egress.Closed;
    return new kubernetes.networking.v1.NetworkPolicy(
        `${plan.name}-policy`,
        {
            metadata: ownership.metadata(sessionLabels(plan, "network"), { annotations: renderNewToken(token) }),
            spec: {
                ...engines,
                policyTypes: isClosed ? ["Ingress", "Egress"] : ["Ingress"],
                ingress: [{ from: [engines] }],
                ...(isClosed ? { egress: [{ to: [engines] }, { ports: dns }] } : {}),
            },
        },
        { parent: session, replaceOnChanges: [tokenPath] },
    );
}
