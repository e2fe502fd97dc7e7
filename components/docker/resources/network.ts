import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Egress } from "../../model/args";
import { SessionContext } from "../../model/context";
import { Plan } from "../../model/plan";
import { Subnet, chooseSubnet, dynamicRangeOf, gatewayOf, parseSubnet, formatSubnet } from "../addressing";
import { identityOf, label } from "../../model/labels";

/**
 * The session's own bridge network. It has a subnet of its own, because Docker gives fixed addresses only in such a network.
 */
export function createNetwork(
    { plan, session }: SessionContext,
    subnet: pulumi.Output<Subnet>,
    token: pulumi.Input<string>,
): docker.Network {
    return new docker.Network(
        `${plan.name}-network`,
        {
            driver: "bridge",
            ...renderEgress(plan),
            labels: [
                { label: label.session, value: identityOf(plan.name) },
                { label: label.generation, value: token },
            ],
            ipamConfigs: [
                {
                    subnet: subnet.apply(formatSubnet),
                    // Newer daemons fill in a gateway, which would show as a change.
                    gateway: subnet.apply(gatewayOf),
                    ipRange: subnet.apply(dynamicRangeOf),
                },
            ],
        },
        {
            parent: session,
            // Two networks with the same subnet cannot exist at once.
            deleteBeforeReplace: true,
            // A default subnet is chosen once, when the network is created. Which subnets are free later does not matter.
            ignoreChanges: plan.docker.subnet === undefined ? ["ipamConfigs"] : [],
        },
    );
}

/**
 * A network that leads nowhere has no route out of the host. Its bridge has no address either: through it, engines would reach the services of
 * the host that listen on all addresses.
 */
function renderEgress({ egress }: Plan): Pick<docker.NetworkArgs, "internal" | "options"> {
    return egress === Egress.Closed
        ? { internal: true, options: { "com.docker.network.bridge.inhibit_ipv4": "true" } }
        : { internal: false };
}

/** The subnet that a network has; on mocks without one, the subnet that it would get on an empty host. */
export function subnetOf(plan: Plan, network: docker.Network): pulumi.Output<Subnet> {
    return network.ipamConfigs.apply((configs) => {
        const text = configs?.[0]?.subnet ?? plan.docker.subnet ?? "";
        return parseSubnet(text) ?? chooseSubnet(identityOf(plan.name), [])!;
    });
}
