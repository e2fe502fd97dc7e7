import * as pulumi from "@pulumi/pulumi";

/**
 * A folder that all engines of a session share: each reads and writes the same files at the same path. Without `volume`, `hostPath` and
 * `claimName`, the session has a volume of its own, which is created and deleted with it. At most one of the three is given.
 */
export interface SharedFolder {
    /**
     * Its path in every engine: an absolute path of a folder of its own. A path of the system and one with files of `project` are errors.
     * Default: `/shared`.
     */
    path?: string;
    /**
     * The name of an existing Docker volume, which stays when the session goes; an error on Kubernetes. Every user may write in it: its
     * topmost folder gets the mode 0777. Default: none.
     */
    volume?: pulumi.Input<string>;
    /**
     * An existing folder of the Docker host, or of each node of a cluster that allows this. It stays, and its rights do too: the user of the
     * engines must be allowed to write in it. Default: none.
     */
    hostPath?: string;
    /**
     * The name of an existing PersistentVolumeClaim in the session's namespace, which stays when the session goes; an error on Docker.
     * Default: none.
     */
    claimName?: pulumi.Input<string>;
}

/**
 * A volume that is there already, such as a data set, and that every engine mounts at the same path. Exactly one of `volume`, `hostPath` and
 * `claimName` names it. The session neither creates nor deletes it, and leaves its rights as they are: the user of the engines must be
 * allowed to read it.
 */
export interface Volume {
    /**
     * Its path in every engine: an absolute path of a folder of its own. A path of the system, one with files of `project`, and one that is
     * within the path of another volume or of `shared`, or around it, are errors.
     */
    path: string;
    /** The name of an existing Docker volume; an error on Kubernetes. Default: none. */
    volume?: pulumi.Input<string>;
    /** An existing folder of the Docker host, or of each node of a cluster that allows this. Default: none. */
    hostPath?: string;
    /** The name of an existing PersistentVolumeClaim in the session's namespace; an error on Docker. Default: none. */
    claimName?: pulumi.Input<string>;
    /**
     * Whether engines may only read it: a program that writes there fails. Default: true; what engines write for each other belongs in
     * `shared`.
     */
    readOnly?: boolean;
}
