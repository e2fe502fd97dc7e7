import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, DistributedSessionArgs } from "./components";

// The configuration has the words of DistributedSessionArgs, and the component checks it.
const config = new pulumi.Config();
const optional = <Key extends keyof DistributedSessionArgs>(key: Key) =>
    config.getObject<DistributedSessionArgs[Key]>(key);

const session = new DistributedSession(config.get("name") ?? "session", {
    backend: config.get("backend"),
    project: config.get("project"),
    master: config.requireObject("master"),
    workers: config.requireObject("workers"),
    wait: config.get("wait"),
    timeoutSeconds: optional("timeoutSeconds"),
    onWorkerFailure: config.get("onWorkerFailure"),
    docker: optional("docker"),
    kubernetes: optional("kubernetes"),
});

export const masterIp = session.masterIp;
export const master = session.master;
export const workers = session.workers;
export const network = session.network;
export const endpoints = session.endpoints;
