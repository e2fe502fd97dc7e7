import { MissingPrerequisite } from "./prerequisites";

const answerMs = 10_000;
/** The server that the client assumes where no kubeconfig names a cluster. */
const assumedServer = "http://localhost:8080";

/** Makes sure that a cluster answers: the one that Pulumi's Kubernetes provider uses. */
export async function ensureCluster(): Promise<void> {
    const problem = await clusterProblem();
    if (problem !== undefined) {
        throw new MissingPrerequisite(problem);
    }
}

/** Why the current cluster cannot be used, and the remedy; undefined if it answers. */
export async function clusterProblem(): Promise<string | undefined> {
    // Loaded here: stacks on Docker do not need it.
    const { KubeConfig, VersionApi } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    try {
        config.loadFromDefault();
    } catch (error) {
        return `A Kubernetes cluster is needed, and its kubeconfig cannot be read (${reasonOf(error)}): correct KUBECONFIG.`;
    }
    const server = config.getCurrentCluster()?.server;
    if (server === undefined || server === assumedServer) {
        return "A Kubernetes cluster is needed: name its kubeconfig in KUBECONFIG, with a current context.";
    }
    try {
        const version = config.makeApiClient(VersionApi).getCode();
        await Promise.race([version, timeout()]);
        return undefined;
    } catch (error) {
        const remedy = "start it, name another kubeconfig in KUBECONFIG, or choose another context in it";
        return `The Kubernetes cluster at ${server} does not answer (${reasonOf(error)}): ${remedy}.`;
    }
}

function timeout(): Promise<never> {
    return new Promise((_, reject) => {
        setTimeout(() => reject(new Error(`no answer within ${answerMs / 1000} s`)), answerMs).unref();
    });
}

function reasonOf(error: unknown): string {
    return (error as Error).message.split("\n")[0]!;
}
