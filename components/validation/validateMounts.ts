import { Problem, show } from "../model/errors";
import { Project, home, scratch } from "../project/project";
import * as is from "./checks";
import { Mount, VolumeSource, volumeSources, volumeSourcesOf } from "../mounts";
import { SharedFolder, Volume } from "../volumes";
import { Check, optional, optionalLater, required, that } from "./checkObject";
import { CrossCheck } from "./crossCheck";

/** The folders that hold those of the system. */
const aboveSystem = ["/", "/home", "/opt", "/var", home];
/** The folders of the system, in which there is no place for another one. */
const ofSystem = /^\/(bin|boot|dev|etc|lib|lib32|lib64|libx32|opt\/cdsw|proc|root|run|sbin|sys|usr)(\/|$)/;

function isOwnPath(value: unknown): boolean {
    return is.isFolderPath(value) && !aboveSystem.includes(value) && !ofSystem.test(value);
}

function ownPath(example: string): Check {
    return that(
        isOwnPath,
        `an absolute path of a folder of its own, outside of the system's, such as ${show(example)}`,
    );
}

const volumeName = that(
    (value) => typeof value === "string" && /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}$/.test(value),
    "the name of a Docker volume: two or more letters, digits, _, . and -",
);

/** What the properties that name a volume must be where they come from another resource. */
export const laterSourceChecks = { volume: volumeName, claimName: is.resourceName };

const sourceChecks = {
    volume: optionalLater(laterSourceChecks.volume),
    hostPath: optional(that(is.isFolderPath, 'an absolute path of a folder below /, such as "/data/shared"')),
    claimName: optionalLater(laterSourceChecks.claimName),
} satisfies Record<VolumeSource, Check>;

/** What the properties of a shared folder must be. */
export const sharedChecks = {
    path: optional(ownPath("/shared")),
    ...sourceChecks,
} satisfies Record<keyof SharedFolder, Check>;

/** What the properties of one of `volumes` must be. */
export const volumeChecks = {
    path: required(ownPath("/data")),
    ...sourceChecks,
    readOnly: optional(is.boolean),
} satisfies Record<keyof Volume, Check>;

/** What mounts must be beside each other, and on a backend. */
export function mountChecks(
    mounts: readonly Mount[],
    backend: string,
    offered: () => readonly VolumeSource[],
    project: Project | undefined,
): CrossCheck[] {
    return mounts.flatMap((mount, index) => [
        {
            reads: ["backend", ...volumeSources.map((source) => `${mount.place}.${source}`)],
            problemsOf: () => validateSource(mount, backend, offered()),
        },
        { reads: [`${mount.place}.path`, "project"], problemsOf: () => validatePath(mount, project) },
        ...mounts.slice(0, index).map((other) => ({
            reads: [`${mount.place}.path`, `${other.place}.path`],
            problemsOf: () => validateApart(mount, other),
        })),
    ]);
}

/** With a read-only root, the folder for temporary files is a mount already. */
export function scratchChecks(mounts: readonly Mount[], readOnlyRoot: boolean): CrossCheck[] {
    return mounts.map(({ place, path }) => ({
        reads: [`${place}.path`, "readOnlyRoot"],
        problemsOf: () => {
            const reason = `${show(path)} is where engines with readOnlyRoot have their temporary files; choose another path`;
            return readOnlyRoot && path === scratch ? [{ path: `${place}.path`, reason }] : [];
        },
    }));
}

/** What names the volume: one property that the backend has, and none only for the session's own. */
function validateSource(mount: Mount, backend: string, offered: readonly VolumeSource[]): Problem[] {
    const { place, index } = mount;
    const given = volumeSourcesOf(mount);
    const own = index === undefined ? ", or none of them for a volume of the session's own" : "";
    if (given.length > 1) {
        return [{ path: place, reason: `has ${given.join(" and ")}; name one of them${own}` }];
    }
    const remedy = `use ${offered.map((source) => `${place}.${source}`).join(" or ")}${own}`;
    if (given.length === 0 && own === "") {
        return [{ path: place, reason: `names no volume; ${remedy}` }];
    }
    return given
        .filter((source) => !offered.includes(source))
        .map((source) => ({
            path: `${place}.${source}`,
            reason: `the backend ${show(backend)} has no such volumes; ${remedy}`,
        }));
}

/** A folder where the project has files: they would be hidden on one backend, and written into the volume on another. */
function validatePath({ place, path }: Mount, project: Project | undefined): Problem[] {
    const files = project?.problem === undefined ? (project?.files ?? []) : [];
    const inTheWay = files.map((file) => file.path).find((file) => areNested(`${home}/${file}`, path));
    const reason = `${show(path)} is where project has the file ${show(inTheWay)}; choose another path`;
    return inTheWay === undefined ? [] : [{ path: `${place}.path`, reason }];
}

/** Two mounts of which one hides the other, or is mounted into its volume. */
function validateApart({ place, path }: Mount, other: Mount): Problem[] {
    const theirs = `${other.place}.path`;
    const relation =
        path === other.path
            ? `is ${theirs} too`
            : `is ${isIn(path, other.path) ? "within" : "around"} ${theirs}, which is ${show(other.path)}`;
    const reason = `${show(path)} ${relation}; choose another path`;
    return areNested(path, other.path) ? [{ path: `${place}.path`, reason }] : [];
}

function areNested(one: string, other: string): boolean {
    return isIn(one, other) || isIn(other, one);
}

/** Whether a path is a folder, or in it. */
function isIn(path: string, folder: string): boolean {
    return `${path}/`.startsWith(`${folder}/`);
}
