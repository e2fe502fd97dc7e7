import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Backend, DistributedSession, DistributedSessionArgs, Wait } from "../../../../components";

// Two sessions in a namespace that the same program creates: one has its name from the resource, and the other waits for the resource.
const name = new pulumi.Config().require("namespace");
const namespace = new kubernetes.core.v1.Namespace("namespace", { metadata: { name } });

const argsIn = (where: pulumi.Input<string>): DistributedSessionArgs => ({
    backend: Backend.Kubernetes,
    master: { command: ["sleep", "3600"], cpu: 0.1, memory: 0.0625 },
    workers: { n: 0 },
    wait: Wait.None,
    kubernetes: { namespace: where },
});

new DistributedSession("named", argsIn(namespace.metadata.name));
new DistributedSession("waiting", argsIn(name), { dependsOn: [namespace] });
