import * as pulumi from "@pulumi/pulumi";
import { Backend } from "./model/args";
import { SessionError } from "./model/errors";
import { CreateSession, sessionOn } from "./session";

/* eslint-disable @typescript-eslint/no-require-imports -- Only the provider of the backend in use has to be installed. */
const backends = {
    docker: () => sessionOn((require("./docker/backend") as typeof import("./docker/backend")).dockerBackend),
    kubernetes: () =>
        sessionOn((require("./kubernetes/backend") as typeof import("./kubernetes/backend")).kubernetesBackend),
} satisfies Record<Backend, () => CreateSession>;
/* eslint-enable */

/** How a backend creates sessions. Fails with what to install where its provider is not there. */
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
