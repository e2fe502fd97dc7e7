import type * as docker from "@pulumi/docker";
import { Plan } from "../../model/plan";
import { Mount, mountsOf } from "../../mounts";

/** What an engine mounts. `own` is the session's own volume for its shared folder. */
export function renderMounts(plan: Plan, own: docker.Volume | undefined): Pick<docker.ContainerArgs, "mounts"> {
    const mounts = mountsOf(plan).map((mount) => renderMount(mount, own));
    return mounts.length === 0 ? {} : { mounts };
}

function renderMount(
    { path: target, volume, hostPath, readOnly }: Mount,
    own: docker.Volume | undefined,
): docker.types.input.ContainerMount {
    const more = readOnly ? { readOnly } : {};
    return hostPath === undefined
        ? { type: "volume", source: volume ?? own?.name, target, ...more }
        : // Unlike a mount of another kind, the daemon refuses one whose folder is missing.
          { type: "bind", source: hostPath, target, ...more };
}
