import { EngineTemplate } from "../model/plan";

/** When Docker starts a container again; a count of 0 is no limit. */
export interface DockerRestartPolicy {
    Name: string;
    MaximumRetryCount: number;
}

/** The policy of what is never started again. */
export const noRestart: DockerRestartPolicy = { Name: "no", MaximumRetryCount: 0 };

/** What decides when an engine is started again. */
type Restarts = Pick<EngineTemplate, "restarts" | "restartsAlways">;

/** The policy of an engine once `up` has seen it come up: a service is up again after a restart of the daemon, too. */
export function restartPolicyOf({ restarts, restartsAlways }: Restarts): DockerRestartPolicy {
    if (restarts === 0) {
        return noRestart;
    }
    // With "always", the daemon would at its next start also start what somebody has stopped.
    return restartsAlways
        ? { Name: "unless-stopped", MaximumRetryCount: 0 }
        : { Name: "on-failure", MaximumRetryCount: Number.isFinite(restarts) ? restarts : 0 };
}

/** The policy while `up` watches: a service that fails is not to hide that by running again. */
export function firstRestartPolicyOf({ restarts, restartsAlways }: Restarts): DockerRestartPolicy {
    return restartPolicyOf({ restarts: Number.isFinite(restarts) ? restarts : 0, restartsAlways });
}

/** Whether a container has this policy. */
export function hasPolicy(found: Partial<DockerRestartPolicy> | undefined, wanted: DockerRestartPolicy): boolean {
    // Docker may report no policy as an empty name.
    const { Name: name, MaximumRetryCount: count = 0 } = found ?? {};
    return (name || "no") === wanted.Name && count === wanted.MaximumRetryCount;
}
