import * as pulumi from "@pulumi/pulumi";
import * as os from "os";
import { Problem, SessionError, describeProblems } from "../../../model/errors";
import { Plan } from "../../../model/plan";
import { NoAnswer } from "../../../observing/time";
import { gibToMib, formatMib } from "../../../model/units";
import { Subnet } from "../../addressing";
import { Owner } from "../../owner";
import { Connection, describeHost } from "../connect";
import { HostInfo, isPodman, limitsLogs, readHostInfo } from "../hostInfo";
import { Inventory, takeInventory } from "../inventory";
import { formatDaemonError } from "../retry";
import { diskProblems } from "./disk";
import { gpuProblems, warnOfSharedGpus } from "./gpus";
import { portProblems } from "./hostPorts";
import { imageProblem, readEntrypoints } from "./images";
import { NamedMount, mountProblems } from "./mounts";
import { settleSubnet, takenRanges } from "./subnets";
import { warn } from "../../../program/console";

/** What engines of one kind ask of the host. */
export interface ResourceDemand {
    /** Where its arguments are: `master` or `workers`. */
    path: string;
    image: string;
    program?: string;
    cpu: number;
    memory: number;
    /** In GiB; undefined is no limit. */
    disk?: number;
    /** How many such engines there are. */
    count: number;
}

/** What a session needs of the host besides what its plan says. */
export interface Demands {
    demands: ResourceDemand[];
    /** What the engines mount. */
    mounts: readonly NamedMount[];
    /** Whose things on the host are the session's own. */
    owner: Owner;
}

/** What is known of the host before anything is created. */
export interface Preflight {
    /** Whose things on the host are the session's own. */
    owner: Owner;
    subnet: Subnet;
    /** The host's clock at the inspection, in ms: engines that started later are of this `up`. */
    hostTime: number;
    /** Whether the host can be told how much output of an engine to keep. */
    limitsLogs: boolean;
    /** Whether the host can be told the limit of a container's processes before its start. */
    limitsCreated: boolean;
    /** The entrypoints of images, by their names, where engines need them. */
    entrypoints: ReadonlyMap<string, readonly string[]>;
    /** What the session has on the host already. */
    inventory: Inventory;
}

/** Inspects the host before anything is created, and reports at once everything there that would make the session fail. */
export async function preflight(
    connection: Connection,
    plan: Plan,
    { demands, mounts, owner }: Demands,
    session: pulumi.Resource,
): Promise<Preflight> {
    const { docker, host } = connection;
    const info = await reach(connection, session);
    const mib = Math.floor(info.MemTotal / 2 ** 20);
    const isLocal = host.url.startsWith("unix:");
    // A program in a container may have the host's socket, but its ports and devices are the container's.
    const isSameMachine = isLocal && info.Name === os.hostname();
    const asked = plan.docker.subnet;
    const subnet = settleSubnet(owner.uid ?? owner.name, asked, await takenRanges(docker, owner, { asked, isLocal }));
    const problems = [
        ...demands.flatMap((demand) => capacityProblems(demand, info.NCPU, mib)),
        ...(await gpuProblems(plan, info, isSameMachine)),
        ...(typeof subnet === "string" ? [{ path: "docker.subnet", reason: subnet }] : []),
        ...(await mountProblems(docker, mounts, isSameMachine)),
        ...(await portProblems(docker, plan, owner, isSameMachine)),
        ...(await imageProblems(connection, plan, demands, session)),
        ...(await diskProblems(docker, info, demands)),
    ];
    if (problems.length > 0 || typeof subnet === "string") {
        throw new SessionError(
            describeProblems(`The session on the Docker host ${describeHost(host.url)}`, problems),
            session,
        );
    }
    warnOfOvercommitment(demands, mib, session);
    await warnOfSharedGpus(docker, plan, owner, session);
    return {
        owner,
        subnet,
        hostTime: Date.parse(info.SystemTime),
        limitsLogs: limitsLogs(info),
        limitsCreated: !isPodman(info),
        entrypoints: plan.maxSeconds === undefined ? new Map() : await readEntrypoints(docker, demands),
        inventory: await takeInventory(docker, owner, plan.docker.pidsLimit, info),
    };
}

async function reach({ docker, host }: Connection, session: pulumi.Resource): Promise<HostInfo> {
    try {
        return await readHostInfo(docker);
    } catch (error) {
        const place = `The Docker daemon at ${describeHost(host.url)}`;
        const remedy = "or name another: set DOCKER_HOST, or give the session a docker.Provider with host";
        const text =
            error instanceof NoAnswer
                ? `${place} has not answered for ${error.seconds} s: it is stopped or stuck, or the network does not lead to it (a VPN, a firewall). Restart it, ${remedy}.`
                : `${place} cannot be reached (${formatDaemonError(error)}). Start it, ${remedy}.`;
        throw new SessionError(text, session);
    }
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
    connection: Connection,
    plan: Plan,
    demands: ResourceDemand[],
    session: pulumi.Resource,
): Promise<Problem[]> {
    const problems: Problem[] = [];
    const seen = new Set<string>();
    const needsShell = plan.maxSeconds !== undefined;
    for (const { path, image, program } of demands) {
        // The roles mostly share an image, and its problem is one problem.
        const key = `${image} ${program}`;
        const reason = seen.has(key)
            ? undefined
            : await imageProblem(connection, { image, program, needsShell }, session);
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
        const text = `The engines' memory limits add up to ${formatMib(total)}, but the host has ${formatMib(mib)}: some engines may be killed for memory.`;
        void warn(text, session);
    }
}
