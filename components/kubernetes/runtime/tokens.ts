import type { V1ObjectMeta } from "@kubernetes/client-node";
import { label } from "../../model/labels";
import { componentLabel, tokenIn } from "../labels";
import { Cluster, unlessForbidden } from "./client/cluster";
import { isTerminating } from "./podIdentity";

/**
 * The token of a session's object of a kind for a component; undefined if there is none. Without the right to list them it is empty, and
 * they stay as they are.
 */
export type FoundTokens = (kind: "NetworkPolicy" | "Secret" | "Service", component: string) => string | undefined;

/** Finds the tokens of what the engines need in a cluster besides the project's files. */
export async function findTokens({ core, networking, namespace }: Cluster, network: string): Promise<FoundTokens> {
    const where = { namespace, labelSelector: `${label.network}=${network}` };
    const [policies, secrets, services] = await Promise.all([
        unlessForbidden("list networkpolicies", () => networking.listNamespacedNetworkPolicy(where)),
        unlessForbidden("list secrets", () => core.listNamespacedSecret(where)),
        unlessForbidden("list services", () => core.listNamespacedService(where)),
    ]);
    const found: Record<string, { metadata?: V1ObjectMeta }[] | undefined> = {
        NetworkPolicy: policies?.items,
        Secret: secrets?.items,
        Service: services?.items,
    };
    return (kind, component) => {
        const isOf = ({ metadata }: { metadata?: V1ObjectMeta }) => metadata?.labels?.[componentLabel] === component;
        const objects = found[kind]?.filter((each) => isOf(each) && !isTerminating(each));
        return objects === undefined ? "" : objects.map(({ metadata }) => tokenIn(metadata))[0];
    };
}
