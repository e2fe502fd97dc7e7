import type { V1Pod } from "@kubernetes/client-node";
import { isGoing } from "./podIdentity";
import { statusIn } from "./podSighting";

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
        return this.pods.filter((pod) => hasFailed(pod) && !isGoing(pod)).reverse();
    }

    /** Whether the newest has failed and the Job will make another. */
    get goOn(): boolean {
        const areLimited = this.most > 0 && Number.isFinite(this.most);
        const isFailed = this.newest !== undefined && hasFailed(this.newest);
        return isFailed && areLimited && this.failed.length <= this.most && !this.isOver();
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
