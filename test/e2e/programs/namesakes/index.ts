import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, DistributedSessionArgs } from "../../../../components";

/** Components of several kinds, each of which calls its session `session`. */
class Team extends pulumi.ComponentResource {
    readonly masterIp: pulumi.Output<string>;

    constructor(name: string, args: DistributedSessionArgs) {
        super(`test:index:${name}`, "team");
        this.masterIp = new DistributedSession("session", args, { parent: this }).masterIp;
    }
}

const args = new pulumi.Config().requireObject<DistributedSessionArgs>("args");

export const ips = pulumi.all(["red", "blue"].map((name) => new Team(name, args).masterIp));
