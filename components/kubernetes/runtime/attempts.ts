import type { V1Pod } from "@kubernetes/client-node";
import { isTerminating } from "./podIdentity";
import { statusIn } from "./podState";

/** The Pods that a Job has created for one worker. Each is an attempt; another follows a failed one while attempts are left. */
export class Attempts {
    constructor(
        /** The newest first. */
        private readonly pods: V1Pod[],
        /** How many attempts may follow the first. */
        private readonly most: number,
        /** Whether the Job creates no more of them, regardless of their number. */
        private readonly isOver: () => boolean,
    ) {}

    get newest(): V1Pod | undefined {
        return this.pods[0];
    }

    /** The failed attempts, oldest first. A terminating one is left out: only the Job knows whether it counts. */
    get failed(): V1Pod[] {
        return this.pods.filter((pod) => hasFailed(pod) && !isTerminating(pod)).reverse();
    }

    /** Whether the newest has failed or is terminating, and the Job will create another. */
    get goOn(): boolean {
        const { newest, most } = this;
        return newest !== undefined && most > 0 && (isTerminating(newest) || this.mayFollow(newest)) && !this.isOver();
    }

    /** Whether a Pod has failed and another may follow. Without a limit, its container restarts in the same Pod. */
    private mayFollow(pod: V1Pod): boolean {
        return hasFailed(pod) && Number.isFinite(this.most) && this.failed.length <= this.most;
    }

    /** The failed attempts that another follows, now or soon. */
    get followed(): V1Pod[] {
        return this.goOn ? this.failed : this.failed.filter((pod) => pod !== this.newest);
    }
}

/** Whether an attempt has failed. The cluster reports the end of its container before that of the Pod. */
export function hasFailed(pod: V1Pod): boolean {
    return pod.status?.phase === "Failed" || (statusIn(pod)?.state?.terminated?.exitCode ?? 0) !== 0;
}
