import { SharedFolder, Volume } from "./volumes";

/** A property that names an existing volume. */
export type VolumeSource = Exclude<keyof SharedFolder, "path">;

/** The properties that name an existing volume. */
export const volumeSources: readonly VolumeSource[] = ["volume", "hostPath", "claimName"];

/** What every engine mounts: the shared folder, or one of `volumes`. */
export interface Mount extends Pick<SharedFolder, VolumeSource> {
    /** Where its arguments are: `shared`, or `volumes[0]`. */
    place: string;
    /** Its number among `volumes`; undefined for the shared folder. */
    index?: number;
    /** Its path in every engine. */
    path: string;
    readOnly: boolean;
}

/** Arguments of what engines mount, with their defaults. */
interface Mounted {
    shared?: SharedFolder & Pick<Mount, "path">;
    volumes: readonly (Volume & Pick<Mount, "readOnly">)[];
}

/** Everything that every engine mounts: the shared folder first. */
export function mountsOf({ shared, volumes }: Mounted): Mount[] {
    return [
        ...(shared === undefined ? [] : [{ ...shared, place: "shared", readOnly: false }]),
        ...volumes.map((volume, index) => ({ ...volume, index, place: volumePlace(index) })),
    ];
}

/** Where the arguments of one of `volumes` are. */
export function volumePlace(index: number): string {
    return `volumes[${index}]`;
}

/** The properties that name a volume: none where the session has one of its own. */
export function volumeSourcesOf(mount: Pick<SharedFolder, VolumeSource> | undefined): VolumeSource[] {
    return volumeSources.filter((source) => mount?.[source] !== undefined);
}

/** Whether a session creates the volume of its shared folder, and deletes it. */
export function ownsVolume(shared: SharedFolder | undefined): boolean {
    return shared !== undefined && volumeSourcesOf(shared).length === 0;
}
