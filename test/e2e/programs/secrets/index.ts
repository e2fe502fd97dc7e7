import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, DistributedSessionArgs } from "../../../../components";

// A session whose engines print the secret that they were given.
const config = new pulumi.Config();
const args = config.requireObject<DistributedSessionArgs>("args");
const env = { TOKEN: pulumi.secret(["hidden", "from", "everyone"].join("-")) };

const session = new DistributedSession("session", {
    ...args,
    master: { ...args.master, env },
    workers: { ...args.workers, env },
});

export const master = session.master;
export const workers = session.workers;
