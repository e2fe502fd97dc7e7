import * as pulumi from "@pulumi/pulumi";
import { DistributedSession } from "./components";
import { clusters, readConfiguration } from "./configuration";

const { name, library, args } = readConfiguration();

function outputsOfSession({ masterIp, master, workers, network, endpoints }: DistributedSession) {
    return { masterIp, master, workers, network, endpoints };
}

function outputsOfCluster(cluster: Cluster) {
    const { master, workers, network } = cluster;
    return { master, workers, network, ...("address" in cluster ? placesOf(cluster) : {}) };
}

function placesOf(cluster: Extract<Cluster, { address: unknown }>) {
    const { address, publishedAddress, dashboard } = cluster;
    // Who runs the stack is outside of its network.
    const nearest = pulumi.all([publishedAddress, address]).apply(([published, inside]) => published ?? inside);
    return { address: nearest, dashboard, ...("token" in cluster ? { token: cluster.token } : {}) };
}

type Cluster = InstanceType<(typeof clusters)[keyof typeof clusters]>;

export = library === undefined
    ? outputsOfSession(new DistributedSession(name, args))
    : outputsOfCluster(new clusters[library](name, args));
