import type { V1Pod } from "@kubernetes/client-node";
import { isDisrupted } from "../disruptions";
import { isTerminating } from "../podIdentity";
import { hasFailed } from "../podState";

/** What a Job allows for one worker. */
export interface AttemptRules {
    /** How many attempts may follow the first. */
    most: number;
    /** Whether the Job creates another Pod for one that the cluster took away, without counting it. */
    forgivesDisruptions: boolean;
    /** Whether the Job creates no more of them, regardless of their number. */
    isOver: () => boolean;
}

/** The Pods that a Job has created for one worker. Each is an attempt; another follows a failed one while attempts are left. */
export class Attempts {
    constructor(
        /** The newest first. */
        private readonly pods: V1Pod[],
        private readonly rules: AttemptRules,
    ) {}

    get newest(): V1Pod | undefined {
        return this.pods[0];
    }

    /** The attempts that failed and count, oldest first. A terminating one is left out: only the Job knows whether it counts. */
    get failed(): V1Pod[] {
        return this.pods
            .filter((pod) => hasFailed(pod) && !isTerminating(pod) && !this.forgivesDisruption(pod))
            .reverse();
    }

    /** The Pods that the cluster took away, or is taking away, and that another follows without being counted. */
    get forgiven(): V1Pod[] {
        const isLeaving = (pod: V1Pod) => hasFailed(pod) || isTerminating(pod);
        return this.pods.filter((pod) => this.forgivesDisruption(pod) && isLeaving(pod) && !this.rules.isOver());
    }

    /** Whether the newest was taken away, and the Job will create another. */
    get isReplaced(): boolean {
        const { newest } = this;
        return newest !== undefined && hasFailed(newest) && this.forgiven.includes(newest);
    }

    /** Whether the newest has failed or is terminating, and the Job will create another. */
    get goOn(): boolean {
        const { newest } = this;
        const { most, isOver } = this.rules;
        return newest !== undefined && most > 0 && (isTerminating(newest) || this.mayFollow(newest)) && !isOver();
    }

    private forgivesDisruption(pod: V1Pod): boolean {
        return this.rules.forgivesDisruptions && isDisrupted(pod);
    }

    /** Whether a Pod has failed and another may follow. Without a limit, its container restarts in the same Pod. */
    private mayFollow(pod: V1Pod): boolean {
        const { most } = this.rules;
        return hasFailed(pod) && Number.isFinite(most) && this.failed.length <= most;
    }

    /** The failed attempts that another follows, now or soon. */
    get followed(): V1Pod[] {
        return this.goOn ? this.failed : this.failed.filter((pod) => pod !== this.newest);
    }
}
