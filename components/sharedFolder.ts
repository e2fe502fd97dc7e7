import { SharedFolder } from "./model/args";

/** A property that names an existing volume for the shared folder. */
export type VolumeSource = Exclude<keyof SharedFolder, "path">;

const sources: readonly VolumeSource[] = ["volume", "hostPath", "claimName"];

/** The properties that name a volume: none where the session has one of its own. */
export function volumeSourcesOf(shared: SharedFolder | undefined): VolumeSource[] {
    return sources.filter((source) => shared?.[source] !== undefined);
}

/** Whether a session creates the volume of its shared folder, and deletes it. */
export function ownsVolume(shared: SharedFolder | undefined): boolean {
    return shared !== undefined && volumeSourcesOf(shared).length === 0;
}
