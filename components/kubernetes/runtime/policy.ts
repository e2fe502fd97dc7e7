import { label } from "../../model/labels";
import { tokenIn } from "../labels";
import { Cluster, unlessForbidden } from "./cluster";
import { isTerminating } from "./podIdentity";

/** The token of the session's NetworkPolicy; undefined if there is none. Without the right to list them, it stays as it is. */
export async function findPolicyToken(cluster: Cluster, network: string): Promise<string | undefined> {
    const { networking, namespace } = cluster;
    const labelSelector = `${label.network}=${network}`;
    const list = () => networking.listNamespacedNetworkPolicy({ namespace, labelSelector });
    const found = await unlessForbidden("list networkpolicies", list);
    const staying = found?.items.filter((policy) => !isTerminating(policy));
    return staying === undefined ? "" : staying.map(({ metadata }) => tokenIn(metadata))[0];
}
