import * as pulumi from "@pulumi/pulumi";
import * as crypto from "crypto";

const keyBytes = 32;

/** A secret key that the state of the stack keeps: it is the same in every `up`, and another one in every session. */
export function createSessionKey(name: string, session: pulumi.Resource): pulumi.Output<string> {
    const input = pulumi.secret(crypto.randomBytes(keyBytes).toString("hex"));
    const { output } = new pulumi.Stash(`${name}-key`, { input }, { parent: session, ignoreChanges: ["input"] });
    // On mocks, a resource has no outputs but those that the mocks give it.
    return pulumi.secret(pulumi.all([output, input]).apply(([kept, own]) => (kept ?? own) as string));
}
