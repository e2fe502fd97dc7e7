import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Backend, DistributedSession, MasterSpec, Wait, WorkersSpec } from "../../../../components";

// A session on a cluster that an explicit provider names, with a secret that comes from elsewhere.
const config = new pulumi.Config();
const provider = new kubernetes.Provider("cluster", { kubeconfig: config.require("kubeconfig") });
const env = { TOKEN: config.requireSecret("token") };

const session = new DistributedSession(
    "session",
    {
        backend: Backend.Kubernetes,
        master: config.requireObject<MasterSpec>("master"),
        workers: { ...config.requireObject<WorkersSpec>("workers"), env },
        wait: config.require<Wait>("wait"),
        kubernetes: config.getObject("kubernetes"),
    },
    { providers: [provider] },
);

export const masterIp = session.masterIp;
export const master = session.master;
export const workers = session.workers;
