import { Backend } from "../backend";
import { declareGround } from "./ground";
import { codeOf, formatClusterError } from "./runtime/client/cluster";
import { Location } from "./runtime/opening";
import { ClusterFindings, connectToCluster } from "./runtime/podRuntime";
import { planClusterReplacements } from "./runtime/replacements";

/** Pods on a Kubernetes cluster. */
export const kubernetesBackend: Backend<Location, ClusterFindings> = {
    mostShownWorkers: 100,
    declareGround,
    connect: connectToCluster,
    findingsOnMocks: ({ network }, { plan }) => {
        const nothing = { engines: [], seesJobs: true, files: undefined, tokens: () => undefined };
        return { network, replacements: planClusterReplacements(plan, nothing, network, 0) };
    },
    explain: (error) => `Cannot read from the cluster: ${formatClusterError(error)}. ${remedyOf(error)}`,
};

function remedyOf(error: unknown): string {
    return codeOf(error) === 403
        ? "A session needs the rights to get, list and watch pods, and to get pods/log, in its namespace."
        : "If the session is on another cluster than the kubeconfig's current one, set kubernetes.kubeconfig or kubernetes.context.";
}
