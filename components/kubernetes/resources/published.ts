import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PublishedPlace, formatEndpoint } from "../../endpoints";
import { label } from "../../model/labels";
import { Plan } from "../../model/plan";
import { publishedComponent, renderToken, sessionLabels, tokenPath } from "../labels";
import { NetworkPeer, ServiceType } from "../options";
import { OwnedContext, Ownership } from "./ownership";

/** Until a load balancer has an address: it has no other sign. */
const untilAddress = { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" };

/** Every other Service is of use at once, and the provider would wait for the master to be ready. */
const atOnce = { "pulumi.com/skipAwait": "true" };

/** The Service through which others reach the published ports of the master; nothing where none are. */
export function createPublishedService(
    { plan, session, ownership }: OwnedContext,
    token: pulumi.Input<string>,
): kubernetes.core.v1.Service | undefined {
    const { publish, startTimeout } = plan;
    const { serviceType: type } = plan.kubernetes;
    if (publish.length === 0) {
        return undefined;
    }
    const waiting = type === ServiceType.LoadBalancer ? untilAddress : atOnce;
    const seconds = startTimeout === 0 ? "24h" : `${startTimeout}s`;
    return new kubernetes.core.v1.Service(
        `${plan.name}-published`,
        {
            metadata: ownership.metadata(sessionLabels(plan, publishedComponent), {
                annotations: { ...waiting, ...renderToken(token) },
            }),
            spec: {
                type,
                // A client keeps its address, by which `access` lets it in.
                ...(type === ServiceType.ClusterIP ? {} : { externalTrafficPolicy: "Local" }),
                // A published port may open before those that the workers wait for.
                publishNotReadyAddresses: true,
                selector: masterLabels(ownership),
                ports: publish.map(({ port }) => ({ name: `port-${port}`, port, protocol: "TCP" })),
            },
        },
        {
            parent: session,
            replaceOnChanges: [tokenPath],
            customTimeouts: { create: seconds, update: seconds },
        },
    );
}

/** Lets others in to the published ports of the master, beside the policy that keeps everybody out; nothing where nobody may come in. */
export function createAccessPolicy(
    { plan, session, ownership }: OwnedContext,
    token: pulumi.Input<string>,
): kubernetes.networking.v1.NetworkPolicy | undefined {
    const { publish } = plan;
    const { access } = plan.kubernetes;
    if (publish.length === 0 || access.length === 0) {
        return undefined;
    }
    return new kubernetes.networking.v1.NetworkPolicy(
        `${plan.name}-access`,
        {
            metadata: ownership.metadata(sessionLabels(plan, publishedComponent), { annotations: renderToken(token) }),
            spec: {
                podSelector: { matchLabels: masterLabels(ownership) },
                policyTypes: ["Ingress"],
                ingress: [
                    {
                        from: access.map(renderPeer),
                        ports: publish.map(({ port }) => ({ protocol: "TCP", port })),
                    },
                ],
            },
        },
        { parent: session, replaceOnChanges: [tokenPath] },
    );
}

function masterLabels({ network }: Ownership): Record<string, pulumi.Input<string>> {
    return { [label.network]: network, [label.role]: "master" };
}

/** Labels of a Pod and of its namespace in one entry hold together. */
function renderPeer({
    podLabels,
    namespaceLabels,
    cidr,
}: NetworkPeer): kubernetes.types.input.networking.v1.NetworkPolicyPeer {
    return {
        ...(podLabels === undefined ? {} : { podSelector: { matchLabels: podLabels } }),
        ...(namespaceLabels === undefined ? {} : { namespaceSelector: { matchLabels: namespaceLabels } }),
        ...(cidr === undefined ? {} : { ipBlock: { cidr } }),
    };
}

/** Where the published ports are reached. A cluster says so in the Service, or with the master's node. */
export function publishedPlaces(
    { kubernetes: { serviceType, clusterDomain } }: Plan,
    service: kubernetes.core.v1.Service,
    master: kubernetes.core.v1.Pod,
): pulumi.Output<PublishedPlace[]> {
    const { metadata, spec, status } = service;
    const known = pulumi.all([metadata, spec, status, master.status, clusterDomain]);
    return known.apply(([{ name, namespace }, { ports }, balanced, pod, domain]) => {
        const balancer = balanced?.loadBalancer?.ingress?.[0];
        const hosts = {
            [ServiceType.ClusterIP]: `${name}.${namespace}.svc.${domain}`,
            [ServiceType.NodePort]: pod?.hostIP,
            [ServiceType.LoadBalancer]: balancer?.ip ?? balancer?.hostname,
        };
        const host = hosts[serviceType];
        return (ports ?? []).flatMap(({ port, nodePort }) => {
            const outer = serviceType === ServiceType.NodePort ? nodePort : port;
            return host === undefined || outer === undefined ? [] : [{ port, place: formatEndpoint(host, outer) }];
        });
    });
}
