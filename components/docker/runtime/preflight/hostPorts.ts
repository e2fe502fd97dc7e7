import type { Docker } from "../../dockerode";
import * as net from "net";
import { Problem, show } from "../../../model/errors";
import { label } from "../../../model/labels";
import { Plan } from "../../../model/plan";
import { completePorts } from "../../defaults";
import { Owner, owns } from "../../owner";
import { listOwn } from "../inventory";
import { unlessGone } from "../retry";

/** An address and a TCP port of the host. */
interface HostPort {
    ip: string;
    port: number;
}

/** A port of the host that a container has. */
interface TakenPort extends HostPort {
    by: string;
}

/** The published ports that something else has on the host already. Other programs show only where the daemon is on this machine. */
export async function portProblems(docker: Docker, plan: Plan, owner: Owner, isLocal: boolean): Promise<Problem[]> {
    const publish = completePorts(plan.publish);
    if (publish.length === 0) {
        return [];
    }
    const [own, taken] = [await ownPorts(docker, owner), await takenPorts(docker, owner)];
    const problems = publish.map(async ({ hostPort, hostIp: ip }, index) => {
        const wanted = { ip, port: hostPort };
        if (own.some((each) => each.ip === ip && each.port === hostPort)) {
            return [];
        }
        const container = taken.find((each) => clash(each, wanted))?.by;
        // Where the session's master has the port at another address, what listens may be that master.
        const isSeen = isLocal && !own.some((each) => clash(each, wanted));
        const by = container ?? (isSeen && (await isTaken(wanted)) ? "another program" : undefined);
        const reason = `${hostPort} at ${ip} is taken by ${by} on the Docker host; choose another hostPort, or stop what has it`;
        return by === undefined ? [] : [{ path: `publish[${index}].hostPort`, reason }];
    });
    return (await Promise.all(problems)).flat();
}

/** The ports that the session's own master has, or would have again after a start. */
async function ownPorts(docker: Docker, owner: Owner): Promise<HostPort[]> {
    const masters = await listOwn(docker, owner, { label: [`${label.role}=master`] });
    const infos = await Promise.all(masters.map(({ Id }) => unlessGone(() => docker.getContainer(Id).inspect())));
    return infos.flatMap((info) =>
        Object.values(
            (info?.HostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string; HostPort: string }[] | null>,
        )
            .flatMap((bindings) => bindings ?? [])
            .map(({ HostIp, HostPort }) => ({ ip: HostIp || "0.0.0.0", port: Number(HostPort) })),
    );
}

async function takenPorts(docker: Docker, owner: Owner): Promise<TakenPort[]> {
    const running = await docker.listContainers();
    return running
        .filter(({ Labels }) => !owns(owner, Labels))
        .flatMap(({ Id, Names, Ports }) =>
            (Ports ?? [])
                .filter(({ PublicPort, Type }) => PublicPort && Type === "tcp")
                .map(({ IP, PublicPort }) => ({
                    ip: IP || "0.0.0.0",
                    port: PublicPort,
                    by: `the container ${show(Names[0]?.replace(/^\//, "") ?? Id)}`,
                })),
        );
}

/** Whether two programs cannot listen at both. All addresses of a family clash with each one of it. */
function clash(one: HostPort, other: HostPort): boolean {
    const isAny = ({ ip }: HostPort) => ip === "0.0.0.0" || ip === "::";
    const sameFamily = net.isIP(one.ip) === net.isIP(other.ip);
    return one.port === other.port && sameFamily && (one.ip === other.ip || isAny(one) || isAny(other));
}

/** Whether a program of this machine has a port. A port that this program may not open, and the daemon may, counts as free. */
function isTaken({ ip, port }: HostPort): Promise<boolean> {
    return new Promise((resolve) => {
        const server = net.createServer();
        server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "EADDRINUSE"));
        server.listen({ host: ip, port, exclusive: true }, () => server.close(() => resolve(false)));
    });
}
