import type * as kubernetes from "@pulumi/kubernetes";
import { Plan } from "../../model/plan";
import { home, scratch } from "../../project/project";

type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

/** The volumes in which an engine may write although its root is read-only. */
export function renderWritableVolumes(plan: Plan): Volume[] {
    return writablePlaces(plan).map(({ name }) => ({ name, emptyDir: {} }));
}

/** The mounts of these volumes. That of the home comes before those of the files in it. */
export function renderWritableMounts(plan: Plan): VolumeMount[] {
    return writablePlaces(plan).map(({ name, path: mountPath }) => ({ name, mountPath }));
}

/** A volume with the project is the home itself. */
function writablePlaces({ readOnlyRoot, kubernetes: { projectVolume } }: Plan): { name: string; path: string }[] {
    const places = [
        { name: "scratch", path: scratch },
        { name: "home", path: home },
    ];
    return readOnlyRoot ? places.filter(({ path }) => path !== home || projectVolume === undefined) : [];
}
