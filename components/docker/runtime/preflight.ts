import * as pulumi from "@pulumi/pulumi";
import type { Docker } from "../dockerode";
import { Problem, SessionError, describeProblems } from "../../model/errors";
import { Plan } from "../../model/plan";
import { gibToMib, formatMib } from "../../model/units";
import { Subnet } from "../addressing";
import { DockerHost } from "./host";
import { imageProblem, formatDaemonError } from "./images";
import { Inventory, takeInventory } from "./inventory";
import { identityOf } from "../../model/labels";
import { settleSubnet, takenRanges } from "./subnets";

/** What a kind of engine asks of the host. */
export interface ResourceDemand {
    /** Where its arguments are: `master` or `workers`. */
    path: string;
    image: string;
    program?: string;
    cpu: number;
    memory: number;
    /** How many such engines there are. */
    count: number;
}

/** What is known of the host before anything is created. */
export interface Preflight {
    subnet: Subnet;
    /** The host's clock when the look was taken, in ms: engines that started later are of this `up`. */
    hostTime: number;
    /** What the session has on the host already. */
    inventory: Inventory;
}

/** A look at the host, before anything is created: everything there that would make the session fail, reported at once. */
export async function preflight(
    docker: Docker,
    host: DockerHost,
    plan: Plan,
    demands: ResourceDemand[],
    session: pulumi.Resource,
): Promise<Preflight> {
    const lookOnly = pulumi.runtime.isDryRun();
    const info = await reach(docker, host, session);
    const cores = info.NCPU as number;
    const mib = Math.floor((info.MemTotal as number) / 2 ** 20);
    const identity = identityOf(plan.name);
    const found = settleSubnet(identity, plan.docker.subnet, await takenRanges(docker, identity, isLocal(host)));
    const problems = [
        ...demands.flatMap((demand) => capacityProblems(demand, cores, mib)),
        ...(typeof found === "string" ? [{ path: "docker.subnet", reason: found }] : []),
        ...(await imageProblems(docker, demands, session, lookOnly)),
    ];
    if (problems.length > 0 || typeof found === "string") {
        throw new SessionError(describeProblems(`The session on the Docker host ${host.url}`, problems), session);
    }
    warnOfOvercommitment(demands, mib, session);
    const inventory = await takeInventory(docker, identity);
    return { subnet: found, hostTime: Date.parse(info.SystemTime as string), inventory };
}

async function reach(docker: Docker, host: DockerHost, session: pulumi.Resource): Promise<Record<string, unknown>> {
    try {
        return (await docker.info()) as Record<string, unknown>;
    } catch (error) {
        const text = `The Docker daemon at ${host.url} cannot be reached (${formatDaemonError(error)}). Start it, or name another: set DOCKER_HOST, or give the session a docker.Provider with host.`;
        throw new SessionError(text, session);
    }
}

function isLocal(host: DockerHost): boolean {
    return host.url.startsWith("unix:");
}

function capacityProblems({ path, cpu, memory }: ResourceDemand, cores: number, mib: number): Problem[] {
    const wanted = gibToMib(memory);
    return [
        ...(cpu > cores ? [{ path: `${path}.cpu`, reason: `${cpu} is more than the ${cores} cores of the host` }] : []),
        ...(wanted > mib
            ? [
                  {
                      path: `${path}.memory`,
                      reason: `${memory} (${formatMib(wanted)}) is more than the ${formatMib(mib)} of the host`,
                  },
              ]
            : []),
    ];
}

async function imageProblems(
    docker: Docker,
    demands: ResourceDemand[],
    session: pulumi.Resource,
    lookOnly: boolean,
): Promise<Problem[]> {
    const problems: Problem[] = [];
    const seen = new Set<string>();
    for (const { path, image, program } of demands) {
        // The roles mostly share an image, and its problem is one problem.
        const key = `${image} ${program}`;
        const reason = seen.has(key) ? undefined : await imageProblem(docker, image, program, session, lookOnly);
        seen.add(key);
        if (reason !== undefined) {
            problems.push({ path: `${path}.image`, reason });
        }
    }
    return problems;
}

function warnOfOvercommitment(demands: ResourceDemand[], mib: number, session: pulumi.Resource): void {
    const total = demands.reduce((sum, demand) => sum + demand.count * gibToMib(demand.memory), 0);
    if (total > mib) {
        const text = `The engines may use ${formatMib(total)} of memory together, and the host has ${formatMib(mib)}: it may kill some of them.`;
        void pulumi.log.warn(text, session);
    }
}
