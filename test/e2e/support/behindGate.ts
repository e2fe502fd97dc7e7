import * as k8s from "@kubernetes/client-node";
import * as fs from "fs";
import * as path from "path";
import { TestBackend, docker } from "./backends";
import { Gate } from "./gate";
import { Stack } from "./stack";

/** Has a stack reach its daemon or API server through a gate, past which the tests still see it. */
export async function putBehindGate(stack: Stack, backend: TestBackend): Promise<Gate> {
    return backend.typePrefix === docker.typePrefix ? putDockerBehind(stack) : putClusterBehind(stack);
}

async function putDockerBehind(stack: Stack): Promise<Gate> {
    const url = new URL(process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock");
    const target = url.protocol === "unix:" ? { path: url.pathname } : { host: url.hostname, port: Number(url.port) };
    const gate = await Gate.to(target);
    stack.environment.DOCKER_HOST = `tcp://${gate.address}`;
    return gate;
}

async function putClusterBehind(stack: Stack): Promise<Gate> {
    const config = new k8s.KubeConfig();
    config.loadFromDefault();
    const cluster = config.getCurrentCluster()!;
    const { hostname, port } = new URL(cluster.server);
    const gate = await Gate.to({ host: hostname, port: Number(port || 443) });
    config.clusters = config.clusters.map((each) =>
        each === cluster ? { ...each, server: `https://${gate.address}`, tlsServerName: hostname } : each,
    );
    stack.environment.KUBECONFIG = path.join(stack.folder, "kubeconfig");
    fs.writeFileSync(stack.environment.KUBECONFIG, config.exportConfig());
    return gate;
}
