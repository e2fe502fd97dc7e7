import { Missing } from "./missing";

const answerMs = 10_000;
/** What the client takes where nothing names a cluster. */
const nowhere = "http://localhost:8080";

/** Sees to it that a cluster answers: the one that Pulumi's Kubernetes provider finds too. */
export async function ensureCluster(): Promise<void> {
    const problem = await clusterProblem();
    if (problem !== undefined) {
        throw new Missing(problem);
    }
}

/** What keeps the current cluster from being used, and the way out; nothing where it answers. */
export async function clusterProblem(): Promise<string | undefined> {
    // Only who uses a cluster loads its client.
    const { KubeConfig, VersionApi } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    try {
        config.loadFromDefault();
    } catch (error) {
        return `A Kubernetes cluster is needed, and its kubeconfig cannot be read (${sayError(error)}): correct KUBECONFIG.`;
    }
    const server = config.getCurrentCluster()?.server;
    if (server === undefined || server === nowhere) {
        return "A Kubernetes cluster is needed: name its kubeconfig in KUBECONFIG, with a current context.";
    }
    try {
        const asked = config.makeApiClient(VersionApi).getCode();
        await Promise.race([asked, late()]);
        return undefined;
    } catch (error) {
        const wayOut = "start it, name another kubeconfig in KUBECONFIG, or choose another context in it";
        return `The Kubernetes cluster at ${server} does not answer (${sayError(error)}): ${wayOut}.`;
    }
}

function late(): Promise<never> {
    return new Promise((_, reject) => {
        setTimeout(() => reject(new Error(`nothing came within ${answerMs / 1000} s`)), answerMs).unref();
    });
}

function sayError(error: unknown): string {
    return (error as Error).message.split("\n")[0]!;
}
