import * as pulumi from "@pulumi/pulumi";
import type { Docker } from "../dockerode";
import { SessionError } from "../../model/errors";
import { Plan } from "../../model/plan";
import { connect } from "./connect";
import { HostSettings } from "../hostSettings";
import { resolveHost } from "./host";
import { ResourceDemand, Preflight, preflight } from "./preflight/preflight";
import { formatDaemonError } from "./retry";

/** An open connection to a Docker host, and what was seen of it. */
export interface OpenHost extends Preflight {
    docker: Docker;
}

/** Finds the Docker host of a session and looks at it; whatever is wrong is told as an error of the session's. */
export async function openHost(
    settings: HostSettings,
    plan: Plan,
    demands: ResourceDemand[],
    session: pulumi.Resource,
): Promise<OpenHost> {
    try {
        const host = resolveHost(settings, process.env);
        const docker = await connect(host);
        return { docker, ...(await preflight({ docker, host }, plan, demands, session)) };
    } catch (error) {
        if (error instanceof SessionError) {
            throw error;
        }
        throw new SessionError(`The Docker host cannot be looked at: ${formatDaemonError(error)}`, session);
    }
}
