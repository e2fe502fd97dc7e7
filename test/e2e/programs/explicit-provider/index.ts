import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, Wait } from "../../../../components";

// A session on a Docker host that an explicit provider names.
const config = new pulumi.Config();
const provider = new docker.Provider("host", { host: config.require("host") });

const session = new DistributedSession(
    "session",
    {
        project: config.get("project"),
        master: config.requireObject("master"),
        workers: config.requireObject("workers"),
        wait: config.require<Wait>("wait"),
    },
    { providers: [provider] },
);

export const masterIp = session.masterIp;
export const master = session.master;
export const workers = session.workers;
