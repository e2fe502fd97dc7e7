import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Plan } from "../../model/plan";
import { Mount, mountsOf } from "../../mounts";
import { mountedVolumeName } from "../names";

type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

/** The volumes that every engine mounts. `ownClaim` is the name of the session's own claim for its shared folder. */
export function renderMountedVolumes(plan: Plan, ownClaim: pulumi.Input<string> | undefined): Volume[] {
    return mountsOf(plan).map((mount) => ({
        name: mountedVolumeName(mount.index),
        ...renderSource(mount, ownClaim),
    }));
}

/** A claim is read-only as a whole: a cluster then gives it to no group. A folder of a node is so in its mount alone. */
function renderSource(
    { hostPath, claimName, readOnly }: Mount,
    ownClaim: pulumi.Input<string> | undefined,
): Omit<Volume, "name"> {
    return hostPath === undefined
        ? { persistentVolumeClaim: { claimName: (claimName ?? ownClaim)!, ...(readOnly ? { readOnly } : {}) } }
        : { hostPath: { path: hostPath, type: "Directory" } };
}

/** The mounts of these volumes in an engine. */
export function renderVolumeMounts(plan: Plan): VolumeMount[] {
    return mountsOf(plan).map(({ index, path: mountPath, readOnly }) => ({
        name: mountedVolumeName(index),
        mountPath,
        ...(readOnly ? { readOnly } : {}),
    }));
}
