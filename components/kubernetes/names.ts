import { volumePlace } from "../mounts";

/** The name of an engine's container in its Pod. */
export const containerName = "engine";

/** The name of the ConfigMap with the project's files. */
export function filesNameOf(network: string): string {
    return `${network}-files`;
}

/** The name of a volume in a Pod: by its number among `volumes`, or that of the shared folder. */
export function mountedVolumeName(index: number | undefined): string {
    return index === undefined ? "shared" : `data-${index}`;
}

/** Where the arguments of a volume in a Pod are; undefined for one that is no mount of the session's. */
export function placeOfVolume(name: string): string | undefined {
    const [, index] = /^data-(\d+)$/.exec(name) ?? [];
    return index !== undefined ? volumePlace(Number(index)) : name === mountedVolumeName(undefined) ? name : undefined;
}

/** The condition of a Pod that the cluster takes away for a reason outside its program: an eviction, a preemption, a lost node. */
export const disruptionTarget = "DisruptionTarget";
