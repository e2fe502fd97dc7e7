import * as pulumi from "@pulumi/pulumi";
import { Plan } from "./plan";

/** What every part of a session works with: its plan, and the resource that is the parent of all others. */
export interface SessionContext {
    plan: Plan;
    session: pulumi.Resource;
    /** Whether the session was told to wait for other resources: what they create may not be there yet. */
    waitsForOthers?: boolean;
}
