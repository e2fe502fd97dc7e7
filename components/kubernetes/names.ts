/** The name of an engine's container in its Pod. */
export const containerName = "engine";

/** The name of the ConfigMap with the project's files. */
export function filesNameOf(network: string): string {
    return `${network}-files`;
}

/** The name of the shared folder's volume in a Pod. */
export const sharedVolumeName = "shared";

/** The condition of a Pod that the cluster takes away for a reason outside its program: an eviction, a preemption, a lost node. */
export const disruptionTarget = "DisruptionTarget";
