import type { V1Pod } from "@kubernetes/client-node";
import { isTerminating } from "./podIdentity";
import { statusIn } from "./podState";

/** The Pods that a Job has made for one worker: each is an attempt, and a failed one is followed by another while any are left. */
export class Attempts {
    constructor(
        /** The newest first. */
        private readonly pods: V1Pod[],
        /** How many may follow a failed one. */
        private readonly most: number,
        /** Whether the Job makes no more of them, whatever their number. */
        private readonly isOver: () => boolean,
    ) {}

    get newest(): V1Pod | undefined {
        return this.pods[0];
    }

    /** The attempts that failed, the first one first. One that is being deleted may count as one or not: the Job alone knows. */
    get failed(): V1Pod[] {
        return this.pods.filter((pod) => hasFailed(pod) && !isTerminating(pod)).reverse();
    }

    /** Whether the newest has failed, or is being deleted, and the Job will make another. */
    get goOn(): boolean {
        const { newest, most } = this;
        return newest !== undefined && most > 0 && (isTerminating(newest) || this.mayFollow(newest)) && !this.isOver();
    }

    /** Whether a Pod has failed and may be followed. Where there is no limit, its container is started again in it. */
    private mayFollow(pod: V1Pod): boolean {
        return hasFailed(pod) && Number.isFinite(this.most) && this.failed.length <= this.most;
    }

    /** The failed ones that were, or will be, followed by another. */
    get followed(): V1Pod[] {
        return this.goOn ? this.failed : this.failed.filter((pod) => pod !== this.newest);
    }
}

/** Whether an attempt has failed. The cluster says that its container has ended before it says so of the Pod. */
export function hasFailed(pod: V1Pod): boolean {
    return pod.status?.phase === "Failed" || (statusIn(pod)?.state?.terminated?.exitCode ?? 0) !== 0;
}
