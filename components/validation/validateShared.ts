import { posix } from "path";
import { SharedFolder } from "../model/args";
import { CompleteSharedFolder } from "../model/defaults";
import { Problem, show } from "../model/errors";
import { Project, home } from "../project/project";
import * as is from "./checks";
import { VolumeSource, volumeSourcesOf } from "../sharedFolder";
import { Check, optional, optionalLater, that } from "./checkObject";

/** The folders that hold those of the system. */
const aboveSystem = ["/", "/home", "/opt", "/var", home];
/** The folders of the system, in which there is no place for another one. */
const ofSystem = /^\/(bin|boot|dev|etc|lib|lib32|lib64|libx32|opt\/cdsw|proc|root|run|sbin|sys|usr)(\/|$)/;

function isFolderPath(value: unknown): value is string {
    // A mount on Kubernetes takes no colon.
    return (
        typeof value === "string" &&
        /^\/[^\p{Cc}:]{1,1000}$/u.test(value) &&
        !value.endsWith("/") &&
        posix.normalize(value) === value
    );
}

function isOwnPath(value: unknown): boolean {
    return isFolderPath(value) && !aboveSystem.includes(value) && !ofSystem.test(value);
}

const volumeName = that(
    (value) => typeof value === "string" && /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}$/.test(value),
    "the name of a Docker volume: letters, digits, _, . and -",
);

/** What the properties of a shared folder must be that may come from another resource. */
export const laterSharedChecks = { volume: volumeName, claimName: is.resourceName };

/** What the properties of a shared folder must be. */
export const sharedChecks = {
    path: optional(
        that(isOwnPath, 'an absolute path of a folder of its own, outside of the system\'s, such as "/shared"'),
    ),
    volume: optionalLater(laterSharedChecks.volume),
    hostPath: optional(that(isFolderPath, 'an absolute path of a folder below /, such as "/data/shared"')),
    claimName: optionalLater(laterSharedChecks.claimName),
} satisfies Record<keyof SharedFolder, Check>;

/** What names the volume: at most one property, and one that the backend has. */
export function validateVolume(
    shared: CompleteSharedFolder | undefined,
    backend: string,
    offered: readonly VolumeSource[],
): Problem[] {
    const given = volumeSourcesOf(shared);
    const own = "none of them for a volume of the session's own";
    if (given.length > 1) {
        return [{ path: "shared", reason: `has ${given.join(" and ")}; name one of them, or ${own}` }];
    }
    const remedy = `use ${offered.map((source) => `shared.${source}`).join(" or ")}, or ${own}`;
    return given
        .filter((source) => !offered.includes(source))
        .map((source) => ({
            path: `shared.${source}`,
            reason: `the backend ${show(backend)} has no such volumes; ${remedy}`,
        }));
}

/** A folder where the project has files: they would be hidden on one backend, and written into the volume on another. */
export function validateSharedPath(shared: CompleteSharedFolder | undefined, project: Project | undefined): Problem[] {
    const path = shared?.path ?? "";
    const inHome = path.startsWith(`${home}/`) ? path.slice(home.length + 1) : undefined;
    const files = project?.problem === undefined ? (project?.files ?? []) : [];
    const inTheWay = files.find(
        (file) =>
            inHome !== undefined && (`${file.path}/`.startsWith(`${inHome}/`) || inHome.startsWith(`${file.path}/`)),
    );
    const reason = `${show(path)} is where project has the file ${show(inTheWay?.path)}; choose another path`;
    return inTheWay === undefined ? [] : [{ path: "shared.path", reason }];
}
