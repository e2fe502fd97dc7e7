import type { V1ContainerState, V1Pod, V1PodCondition } from "@kubernetes/client-node";

/** What a test says of a Pod. */
export interface PlayedPod {
    name?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    /** The Job that made it; an Indexed Job counts its Pods by index. */
    job?: string;
    index?: number;
    image?: string;
    phase?: string;
    /** Why the cluster ended it. */
    reason?: string;
    message?: string;
    /** When the cluster starts its container again. */
    restartPolicy?: string;
    /** How many seconds the cluster lets it live. */
    deadline?: number;
    /** What its container is doing, and what that did before it was started again. */
    state?: V1ContainerState;
    lastState?: V1ContainerState;
    restartCount?: number;
    ready?: boolean;
    /** Why no node has room. */
    unschedulable?: string;
    /** Since when no node has room, or since when the cluster takes it away. */
    since?: Date;
    /** The claims that it mounts, by the names of its volumes. */
    claims?: Record<string, string>;
    createdAt?: string;
    isGoing?: boolean;
    /** Why the cluster takes it away, and its node. */
    disruption?: string;
    node?: string;
    /** The name of the container beside the engine's, if there is one. */
    beside?: string;
}

/** A Pod as the API server returns it. */
export function pod(given: PlayedPod = {}): V1Pod {
    const { name = "p", uid = `${given.name ?? "p"}-uid`, labels = {}, image = "mine", beside } = given;
    const other = <T>(what: T) => (beside === undefined ? [] : [{ name: beside, ...what }]);
    return {
        metadata: {
            name,
            uid,
            labels: {
                ...labels,
                ...(given.index === undefined ? {} : { "batch.kubernetes.io/job-completion-index": `${given.index}` }),
            },
            annotations: given.annotations,
            ownerReferences:
                given.job === undefined
                    ? undefined
                    : [{ apiVersion: "batch/v1", kind: "Job", name: given.job, uid: `${given.job}-uid` }],
            // A watch reports times as texts, whatever the client's types say.
            creationTimestamp: (given.createdAt ?? "2024-01-01T00:00:00Z") as unknown as Date,
            ...(given.isGoing ? { deletionTimestamp: new Date() } : {}),
        },
        spec: {
            nodeName: given.node,
            restartPolicy: given.restartPolicy,
            ...(given.deadline === undefined ? {} : { activeDeadlineSeconds: given.deadline }),
            volumes: Object.entries(given.claims ?? {}).map(([volume, claimName]) => ({
                name: volume,
                persistentVolumeClaim: { claimName },
            })),
            containers: [
                ...other({ image: "side", resources: { limits: { memory: "1Gi" } } }),
                { name: "engine", image, resources: { limits: { memory: "256Mi" } } },
            ],
        },
        status: {
            phase: given.phase ?? "Running",
            reason: given.reason,
            message: given.message,
            podIP: "10.244.0.7",
            containerStatuses:
                given.state === undefined
                    ? undefined
                    : [
                          ...other({
                              restartCount: 9,
                              state: { running: {} },
                              ready: true,
                              image: "side",
                              imageID: "",
                          }),
                          {
                              name: "engine",
                              image,
                              imageID: "",
                              ready: given.ready ?? false,
                              restartCount: given.restartCount ?? 0,
                              state: given.state,
                              lastState: given.lastState,
                          },
                      ],
            conditions:
                given.unschedulable === undefined
                    ? disruptionOf(given)
                    : [
                          {
                              type: "PodScheduled",
                              status: "False",
                              reason: "Unschedulable",
                              message: given.unschedulable,
                              lastTransitionTime: given.since,
                          },
                      ],
        },
    };
}

/** The conditions of a Pod that the cluster takes away. */
function disruptionOf({ disruption: reason, since: lastTransitionTime }: PlayedPod): V1PodCondition[] | undefined {
    const condition = { type: "DisruptionTarget", status: "True", reason, message: "in its words", lastTransitionTime };
    return reason === undefined ? undefined : [{ type: "PodScheduled", status: "True" }, condition];
}

/** The end of a container. */
export function terminated(exitCode: number, reason = exitCode === 0 ? "Completed" : "Error", message?: string) {
    return { terminated: { exitCode, reason, message } };
}

/** A container that waits, and why. */
export function waiting(reason: string, message?: string) {
    return { waiting: { reason, message } };
}
