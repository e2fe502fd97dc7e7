import * as pulumi from "@pulumi/pulumi";
import { SessionError } from "../../model/errors";
import { isOnMocks } from "../../observing/observer";
import { within } from "../../observing/time";
import { Plan } from "../../model/plan";
import { ClusterSettings, clusterSettingsOf, codeOf, loadKubeConfig, formatClusterError } from "./cluster";

const answerMs = 15_000;

/**
 * What the first resources of a session depend on: nothing, once the cluster has answered. Where it does not, the provider would try again
 * and again without a word, in a preview too.
 */
export function reachedCluster(plan: Plan, session: pulumi.Resource): pulumi.Output<pulumi.Resource[]> {
    if (isOnMocks()) {
        return pulumi.output([]);
    }
    return clusterSettingsOf(plan, session).apply(async (settings) => {
        await reach(settings, session);
        return [];
    });
}

async function reach(settings: ClusterSettings, session: pulumi.Resource): Promise<void> {
    const { VersionApi } = await import("@kubernetes/client-node");
    let server: string | undefined;
    try {
        const config = await loadKubeConfig(settings);
        server = config.getCurrentCluster()?.server;
        const answer = config.makeApiClient(VersionApi).getCode();
        if ((await within(answerMs, answer)) === undefined) {
            throw new Error(`it has not answered for ${answerMs / 1000} s`);
        }
    } catch (error) {
        // Who is refused has reached it.
        if (codeOf(error) === undefined) {
            const place = server === undefined ? "" : ` at ${server}`;
            const wayOut = "set KUBECONFIG, or give the session a kubernetes.Provider with kubeconfig";
            const text = `The cluster${place} cannot be reached (${formatClusterError(error)}). Start it, or name another: ${wayOut}.`;
            throw new SessionError(text, session);
        }
    }
}
