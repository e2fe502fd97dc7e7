import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SessionContext } from "../../model/context";
import { label } from "../../model/labels";

/** How the session's Service owns all other objects of the session: deleting it, also by hand, deletes them. */
export interface Ownership {
    /** The Service's name. */
    network: pulumi.Output<string>;
    namespace: pulumi.Output<string>;
    /** The metadata of an object: these labels, the owner, and what else belongs there. */
    metadata(
        labels: Record<string, pulumi.Input<string>>,
        more?: kubernetes.types.input.meta.v1.ObjectMeta,
    ): kubernetes.types.input.meta.v1.ObjectMeta;
}

/** What every object needs that the Service owns. */
export interface OwnedContext extends SessionContext {
    ownership: Ownership;
}

/** Lets the Service own the rest of the session; `network` is its name, once the rest may be created. */
export function ownershipOf(service: kubernetes.core.v1.Service, network: pulumi.Output<string>): Ownership {
    const { name, namespace, uid } = service.metadata;
    const owner = { apiVersion: "v1", kind: "Service", name, uid };
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
