import * as pulumi from "@pulumi/pulumi";
import * as crypto from "crypto";
import { SessionIdentity } from "./model/context";

const uidBytes = 16;

/** Makes a uid when the session is created, which the state of the stack keeps from then on. */
export function createIdentity(name: string, session: pulumi.Resource): SessionIdentity {
    const input = crypto.randomBytes(uidBytes).toString("hex");
    const kept = new pulumi.Stash(`${name}-uid`, { input }, { parent: session, ignoreChanges: ["input"] });
    return { uid: kept.output, kept: kept.id };
}
