import type {
    V1ContainerState,
    V1ContainerStateTerminated,
    V1ContainerStatus,
    V1Pod,
    V1PodCondition,
} from "@kubernetes/client-node";
import { buildCommandOf } from "../../libraries/images";
import { EngineState } from "../../observing/engineState";
import { Status } from "../../model/outputs";
import { containerName, mountedVolumeName, placeOfVolume } from "../names";
import { describeDisruption } from "./disruptions";
import { isTerminating } from "./podIdentity";

/** What decides the state of an engine besides its Pod. */
export interface PodHistory {
    /** Whether this `up` created it. */
    isNew: boolean;
    /** The restart count of its container when this `up` began. */
    restartsBefore: number;
    /** How long it may wait for a node, in seconds. */
    patience: number;
    memoryMib?: number;
    /** How many seconds it may live, where that is limited. */
    maxSeconds?: number;
    /** The cluster's time, in ms: the times in a Pod are the cluster's too. */
    now: number;
}

/** Reasons for which a container waits that do not pass without help, or too late to wait for. */
const lasting = [
    "ErrImagePull",
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "ImageInspectError",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
];

/** How long the volume of a new claim may take, in seconds: a cloud creates it on demand. */
const bindingSeconds = 60;

/** The state of an engine whose Pod does not exist. `last` is the Pod as it was last seen. */
export function absentState(last?: V1Pod): EngineState {
    const takenAway = last && describeDisruption(last);
    return { status: Status.Stopped, isGone: true, ...(takenAway === undefined ? {} : { takenAway }) };
}

/** The state of an engine, by its Pod. */
export function podStateOf(pod: V1Pod, history: PodHistory): EngineState {
    const place = { id: pod.metadata!.name!, ip: pod.status?.podIP, isNew: history.isNew };
    return { ...place, ...stateOf(pod, history) };
}

/** Whether the container has listened on its declared ports, or runs and has none: its Pod is ready only then. */
export function isReady(pod: V1Pod | undefined): boolean {
    return statusIn(pod)?.ready === true;
}

/** How the container ended: the last time, if it has restarted since. */
export function endOf(pod: V1Pod | undefined): V1ContainerStateTerminated | undefined {
    const status = statusIn(pod);
    return status?.state?.terminated ?? status?.lastState?.terminated;
}

/** Whether the container has restarted, so that the output before its restart counts. */
export function wasStartedAgain(pod: V1Pod | undefined): boolean {
    const status = statusIn(pod);
    return status?.state?.terminated === undefined && status?.lastState?.terminated !== undefined;
}

/** The status of the engine's container; a cluster may inject others beside it. */
export function statusIn(pod: V1Pod | undefined): V1ContainerStatus | undefined {
    return pod?.status?.containerStatuses?.find(({ name }) => name === containerName);
}

function stateOf(pod: V1Pod, history: PodHistory): EngineState {
    const status = statusIn(pod);
    const terminated = status?.state?.terminated;
    const takenAway = describeDisruption(pod);
    if (takenAway !== undefined && hasFailed(pod)) {
        return {
            status: Status.Failed,
            ...(pod.status?.reason === "DeadlineExceeded" && isLimited(pod, history)
                ? { outlived: history.maxSeconds }
                : {}),
            takenAway,
            exitCode: terminated?.exitCode,
            endedAt: terminated ? timeOf(terminated) : lastChangeOf(pod),
            isGone: isTerminating(pod),
        };
    }
    if (terminated) {
        // The end of one that is being removed says nothing of its program.
        const end = ended(terminated, pod, history);
        return { ...end, isGone: end.status === Status.Failed && isTerminating(pod) };
    }
    if (status?.state?.running) {
        const failedNow = status.restartCount > history.restartsBefore && status.lastState?.terminated;
        return failedNow ? ended(failedNow, pod, history) : { status: Status.Running };
    }
    if (status?.state?.waiting?.reason === "CrashLoopBackOff" && status.lastState?.terminated) {
        return ended(status.lastState.terminated, pod, history);
    }
    const startError = startErrorOf(pod, status?.state, history);
    return startError === undefined ? { status: Status.Declared } : { status: Status.Stopped, startError };
}

/** Whether a Pod has failed. The cluster reports the end of its container before that of the Pod. */
export function hasFailed(pod: V1Pod): boolean {
    return pod.status?.phase === "Failed" || (statusIn(pod)?.state?.terminated?.exitCode ?? 0) !== 0;
}

/** Whether the deadline of a Pod is the one that the session has; the end of a job sets another. */
function isLimited({ spec }: V1Pod, { maxSeconds }: PodHistory): boolean {
    return maxSeconds !== undefined && spec?.activeDeadlineSeconds === maxSeconds;
}

/** When a Pod last changed, in ms: the end of one whose container never ran, or is lost. */
function lastChangeOf({ status }: V1Pod): number | undefined {
    const times = (status?.conditions ?? []).map(({ lastTransitionTime }) =>
        new Date(lastTransitionTime ?? 0).getTime(),
    );
    return times.length === 0 ? undefined : Math.max(...times);
}

/** When a container ended, in ms. A watch reports times as texts, whatever the client's types say. */
export function timeOf({ finishedAt }: V1ContainerStateTerminated): number | undefined {
    return finishedAt && new Date(finishedAt).getTime();
}

function ended(end: V1ContainerStateTerminated, { spec }: V1Pod, { memoryMib }: PodHistory): EngineState {
    const mayEnd = spec?.restartPolicy !== "Always";
    const couldStart = end.reason !== "StartError" && end.reason !== "ContainerCannotRun";
    return {
        status: end.exitCode === 0 && mayEnd ? Status.Succeeded : Status.Failed,
        exitCode: end.exitCode,
        endedAt: timeOf(end),
        outOfMemory: end.reason === "OOMKilled",
        startError: couldStart ? undefined : end.message,
        memoryMib,
    };
}

function startErrorOf(pod: V1Pod, state: V1ContainerState | undefined, history: PodHistory): string | undefined {
    const { reason, message } = state?.waiting ?? {};
    if (reason !== undefined && lasting.includes(reason)) {
        const isOfImage = reason !== "CreateContainerConfigError";
        const isOwn = pod.spec?.containers.some(({ image }) => image && buildCommandOf(image) !== undefined);
        const hint =
            isOfImage && isOwn
                ? `; this image must be on the cluster's nodes, or be pushed to a registry and named in master.image`
                : "";
        return `${reason}: ${message ?? "the cluster says no more"}${hint}`;
    }
    const scheduled = unschedulableOf(pod);
    if (scheduled !== undefined) {
        const since = scheduled.lastTransitionTime?.getTime() ?? history.now;
        const message = scheduled.message ?? "no node has room";
        const claim = unboundClaimIn(pod, message);
        const mayBeBound = claim !== undefined && !/persistentvolumeclaim "[^"]*" not found/.test(message);
        const patience = mayBeBound ? Math.max(history.patience, bindingSeconds) : history.patience;
        const hint = `; where the cluster adds nodes on demand, raise kubernetes.scheduleTimeoutSeconds`;
        const text = claim === undefined ? `${message}${hint}` : describeUnbound(claim, message);
        return history.now - since >= patience * 1000 ? `Unschedulable: ${text}` : undefined;
    }
    return undefined;
}

/** The condition of a Pod for which no node has room; undefined for any other. */
export function unschedulableOf({ status }: V1Pod): V1PodCondition | undefined {
    return status?.conditions?.find(
        (each) => each.type === "PodScheduled" && each.status === "False" && each.reason === "Unschedulable",
    );
}

/** A claim that engines mount, and where its arguments are. */
interface MountedClaim {
    name: string;
    place: string;
}

/** The claim where the scheduler waits for the volume of one that the engines mount, and for no other's. */
function unboundClaimIn({ spec }: V1Pod, message: string): MountedClaim | undefined {
    const claims = (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim: claim }) =>
        claim === undefined ? [] : [{ name: claim.claimName, place: placeOfVolume(name) }],
    );
    const [, named] = /persistentvolumeclaim "([^"]*)"/.exec(message) ?? [];
    const isOnly = claims.length === 1 && /persistent ?volume/i.test(message);
    return claims
        .filter(({ name }) => (named === undefined ? isOnly : name === named))
        .find((claim): claim is MountedClaim => claim.place !== undefined);
}

function describeUnbound({ name, place }: MountedClaim, message: string): string {
    const isShared = place === mountedVolumeName(undefined);
    const what = isShared ? "the shared folder" : place;
    const own = isShared ? "choose a class and a mode that the cluster has (kubernetes.sharedClaim), or " : "name ";
    return `the PersistentVolumeClaim ${name} of ${what} is not bound to a volume: ${message}; kubectl describe pvc ${name} says why; ${own}a claim that exists (${place}.claimName), or raise kubernetes.scheduleTimeoutSeconds`;
}
