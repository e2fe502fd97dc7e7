import * as pulumi from "@pulumi/pulumi";

/** The labels that everything of a session carries. */
export const label = {
    /** Which session: `<project>/<stack>/<name>`. */
    session: "distributed-session.session",
    /** `master` or `worker`. */
    role: "distributed-session.role",
    /** The engine's rank in its group. */
    rank: "distributed-session.rank",
    /** The group of an engine that is none of `workers`. */
    group: "distributed-session.group",
    /** On Docker: how many seconds the engine may live. */
    maxSeconds: "distributed-session.max-seconds",
    /** On Docker: that the engine is started again whatever its exit code. */
    restartsAlways: "distributed-session.restarts-always",
    /** On Docker: that the image says where the engine's program starts. */
    workingDir: "distributed-session.working-dir",
    /** On Docker, with a read-only root: which files of the project the engine has. */
    files: "distributed-session.files",
    /** A token whose change forces replacement; an annotation on Kubernetes. On Docker, it has the session's uid, which its state alone has. */
    generation: "distributed-session.generation",
    /** On Kubernetes, of the session's Service: what the state of the session alone has. */
    uid: "distributed-session.uid",
    /** On Kubernetes: the name of the session's Service, which no other session in the namespace has. */
    network: "distributed-session.network",
} as const;

/** What says which engine of a session it is: of `workers`, or of a group besides them. */
export interface EngineIdentity {
    /** 0 for the master, 1 to n for the workers of a group. */
    rank: number;
    /** The name of its group; the master and the engines of `workers` have none. */
    group?: string;
}

/** What the other engines of a session call an engine, which no two engines share: `master`, `worker-1`, `gpu-1`. */
export function aliasOf({ rank, group = "worker" }: EngineIdentity): string {
    return rank === 0 ? "master" : `${group}-${rank}`;
}

/** The name of a session among others on the same host. */
export function identityOf(session: string): string {
    return `${pulumi.getProject()}/${pulumi.getStack()}/${session}`;
}
