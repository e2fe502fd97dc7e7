import { ensureKubernetesPlugin } from "../../../toolchain/plugin";
import { MissingPrerequisite } from "../../../toolchain/prerequisites";
import { whyNoCluster, whyNoImage } from "./kubeconfig";
import { toolEnvironment } from "./stack";

/** Holds why no session can run on Kubernetes, or nothing, where another process has found that out. */
export const noKubernetesVariable = "DISTRIBUTED_SESSION_TEST_NO_KUBERNETES";

let reason: Promise<string | undefined> | undefined;

/** Why no session can run on Kubernetes; nothing if it can. The engine image is brought to the cluster where that is asked for. */
export function whyNoKubernetes(): Promise<string | undefined> {
    const known = process.env[noKubernetesVariable];
    reason ??= known === undefined ? find() : Promise.resolve(known || undefined);
    return reason;
}

async function find(): Promise<string | undefined> {
    return (await whyNoCluster()) ?? (await whyNoPlugin()) ?? (await whyNoImage());
}

/** The Pulumi plugin for Kubernetes is got where it is missing and can be downloaded. */
async function whyNoPlugin(): Promise<string | undefined> {
    try {
        await ensureKubernetesPlugin(await toolEnvironment());
        return undefined;
    } catch (error) {
        if (error instanceof MissingPrerequisite) {
            return error.message;
        }
        throw error;
    }
}
