import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, DistributedSessionArgs } from "../../../../components";

// Other resources that use the addresses of a session.
const config = new pulumi.Config();
const session = new DistributedSession("session", config.requireObject<DistributedSessionArgs>("args"));

const user = (name: string, value: pulumi.Input<string>) =>
    new docker.Network(name, { labels: [{ label: name, value }] });

export const networks = [
    user("ip", session.masterIp).name,
    user(
        "endpoint",
        session.endpoints.apply(([endpoint]) => endpoint!.address),
    ).name,
];
