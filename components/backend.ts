import * as pulumi from "@pulumi/pulumi";
import { Endpoint, Engine } from "./outputs";
import { Plan } from "./plan";

/** What a backend makes of a plan. */
export interface CreatedSession {
    masterIp: pulumi.Output<string>;
    master: pulumi.Output<Engine>;
    workers: pulumi.Output<Engine[]>;
    network: pulumi.Output<string>;
    endpoints: pulumi.Output<Endpoint[]>;
}

/** Declares the resources of a plan as children of the session, observes them and tells how they are doing. */
export type CreateSession = (plan: Plan, session: pulumi.ComponentResource) => CreatedSession;
