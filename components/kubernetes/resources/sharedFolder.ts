import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Plan } from "../../model/plan";
import { ownsVolume } from "../../sharedFolder";
import { completeClaim } from "../defaults";
import { sessionLabels } from "../labels";
import { sharedVolumeName } from "../names";
import { OwnedContext } from "./ownership";

type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

/** The group that may write in a claim where the user chose none: that of the default image. */
const defaultGroup = 1000;

/** The session's own claim for its shared folder; nothing where there is none, or the user names one. */
export function createClaim({
    plan,
    session,
    ownership,
}: OwnedContext): kubernetes.core.v1.PersistentVolumeClaim | undefined {
    if (!ownsVolume(plan.shared)) {
        return undefined;
    }
    const { size, storageClassName, accessMode } = completeClaim(plan.kubernetes.sharedClaim);
    return new kubernetes.core.v1.PersistentVolumeClaim(
        `${plan.name}-shared`,
        {
            // Many classes bind a claim when its first engine comes, so the provider would wait for ever.
            metadata: ownership.metadata(sessionLabels(plan, "shared"), {
                annotations: { "pulumi.com/skipAwait": "true" },
            }),
            spec: {
                accessModes: [accessMode],
                ...(storageClassName === undefined ? {} : { storageClassName }),
                resources: { requests: { storage: `${Math.ceil(size * 1024)}Mi` } },
            },
        },
        { parent: session },
    );
}

/** The volume of the shared folder in a Pod. `ownClaim` is the name of the session's own claim. */
export function renderSharedVolumes({ shared }: Plan, ownClaim: pulumi.Input<string> | undefined): Volume[] {
    if (shared === undefined) {
        return [];
    }
    const { hostPath, claimName } = shared;
    const volume =
        hostPath === undefined
            ? { persistentVolumeClaim: { claimName: (ownClaim ?? claimName)! } }
            : { hostPath: { path: hostPath, type: "Directory" } };
    return [{ name: sharedVolumeName, ...volume }];
}

/** The mount of the shared folder in an engine. */
export function renderSharedMounts({ shared }: Plan): VolumeMount[] {
    return shared === undefined ? [] : [{ name: sharedVolumeName, mountPath: shared.path }];
}

/**
 * The group to which the cluster gives a claim, so that engines of any user may write in it. It leaves a folder of a node alone, and would give
 * the user's project away too.
 */
export function renderSharedGroup({
    shared,
    kubernetes: { projectVolume },
}: Plan): kubernetes.types.input.core.v1.PodSecurityContext {
    const hasOther = projectVolume !== undefined && !projectVolume.readOnly;
    return shared === undefined || shared.hostPath !== undefined || hasOther
        ? {}
        : // A claim with many files is given away once, and not at each start.
          { fsGroup: defaultGroup, fsGroupChangePolicy: "OnRootMismatch" };
}
