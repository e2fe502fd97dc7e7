import * as kubernetes from "@pulumi/kubernetes";
import { Plan } from "../../model/plan";
import { ownsVolume } from "../../mounts";
import { completeClaim } from "../defaults";
import { sessionLabels } from "../labels";
import { OwnedContext } from "./ownership";

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

/**
 * The group to which the cluster gives a claim, so that engines of any user may write in it. It leaves a folder of a node and what is
 * read-only alone, and would give the user's project and data away too.
 */
export function renderSharedGroup({
    shared,
    volumes,
    kubernetes: { projectVolume },
}: Plan): kubernetes.types.input.core.v1.PodSecurityContext {
    const others = [...(projectVolume === undefined ? [] : [projectVolume]), ...volumes];
    const hasOther = others.some(({ claimName, readOnly }) => claimName !== undefined && !readOnly);
    return shared === undefined || shared.hostPath !== undefined || hasOther
        ? {}
        : // A claim with many files is given away once, and not at each start.
          { fsGroup: defaultGroup, fsGroupChangePolicy: "OnRootMismatch" };
}
