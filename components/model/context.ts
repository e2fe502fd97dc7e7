import * as pulumi from "@pulumi/pulumi";
import { Plan } from "./plan";

/** What every part of a session works with: its plan, and the resource that is the parent of all others. */
export interface SessionContext {
    plan: Plan;
    session: pulumi.Resource;
    /** Whether the session was told to wait for other resources: what they create may not be there yet. */
    waitsForOthers?: boolean;
}

/** What tells a session from all others of its name, which another component, checkout or colleague may have in the same place. */
export interface SessionIdentity {
    /** A random word that the session's state alone has. Undefined on mocks. */
    uid: pulumi.Output<string | undefined>;
    /** Known once the state has it: the first preview has another one than the `up` after it. */
    kept: pulumi.Output<unknown>;
}

/** What resources are declared with: also what tells the session from others of its name. */
export interface IdentifiedContext extends SessionContext {
    identity: SessionIdentity;
}
