import * as pulumi from "@pulumi/pulumi";
import { Backend } from "./model/args";
import { SessionError } from "./model/errors";
import { Endpoint, Engine } from "./model/outputs";
import { Plan } from "./model/plan";

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

/* eslint-disable @typescript-eslint/no-require-imports -- Only the provider of the backend in use has to be installed. */
const backends = {
    docker: () => (require("./docker/session") as typeof import("./docker/session")).createDockerSession,
    kubernetes: () =>
        (require("./kubernetes/session") as typeof import("./kubernetes/session")).createKubernetesSession,
} satisfies Record<Backend, () => CreateSession>;
/* eslint-enable */

/** The backend of that name. Fails with what to install where its provider is not there. */
export function backendOf(name: Backend, session: pulumi.Resource): CreateSession {
    try {
        return backends[name]();
    } catch (error) {
        const { code, message } = error as { code?: string; message?: string };
        if (code === "MODULE_NOT_FOUND" && message?.includes(`'@pulumi/${name}'`)) {
            const text = `The backend "${name}" needs the package @pulumi/${name}: npm install @pulumi/${name}`;
            throw new SessionError(text, session);
        }
        throw error;
    }
}
