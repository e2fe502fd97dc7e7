/** The name of an engine's container in its Pod. */
export const containerName = "engine";

/** The name of the ConfigMap with the project's files. */
export function filesNameOf(network: string): string {
    return `${network}-files`;
}

/** The name of the shared folder's volume in a Pod. */
export const sharedVolumeName = "shared";
