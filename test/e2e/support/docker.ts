import Docker from "dockerode";
import { aliasOf, label } from "../../../components/model/labels";
import { demultiplex } from "../../../components/docker/runtime/logs";
import { unlessGone } from "../../../components/docker/runtime/retry";
import { Executed, LiveEngine, Site } from "./site";

/** A container of a session, and all that Docker says of it. */
export interface LiveContainer extends LiveEngine {
    info: Docker.ContainerInspectInfo;
}

/** A Docker daemon as the tests inspect it, past Pulumi. */
export class Host implements Site {
    readonly docker: Docker;

    constructor(socketPath = "/var/run/docker.sock") {
        this.docker = new Docker(process.env.DOCKER_HOST === undefined ? { host: undefined, socketPath } : undefined);
    }

    /** Everything that carries a session's label: names of containers, networks and volumes. */
    async leftovers(identity: string): Promise<string[]> {
        const filters = { label: [`${label.session}=${identity}`] };
        const containers = await this.docker.listContainers({ all: true, filters });
        const networks = await this.docker.listNetworks({ filters });
        const { Volumes: volumes } = await this.docker.listVolumes({ filters });
        const names = [...networks, ...(volumes ?? [])].map(({ Name }) => Name);
        return [...containers.map((each) => each.Names[0] ?? each.Id), ...names];
    }

    async engines(identity: string): Promise<Map<string, LiveContainer>> {
        const filters = { label: [`${label.session}=${identity}`] };
        const containers = await this.docker.listContainers({ all: true, filters });
        const infos = await Promise.all(
            containers.map(({ Id }) => unlessGone(() => this.docker.getContainer(Id).inspect())),
        );
        const known = infos.filter((info) => info !== undefined);
        return new Map(known.map((info) => [alias(info), describeContainer(info)]));
    }

    async exec({ id }: LiveEngine, ...command: string[]): Promise<Executed> {
        const exec = await this.docker.getContainer(id).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
        const chunks: Buffer[] = [];
        for await (const chunk of await exec.start({ hijack: false, stdin: false })) {
            chunks.push(chunk as Buffer);
        }
        return { text: demultiplex(Buffer.concat(chunks)), exitCode: (await exec.inspect()).ExitCode ?? -1 };
    }

    async remove({ id }: LiveEngine): Promise<void> {
        await this.docker.getContainer(id).remove({ force: true });
    }

    async listen({ id }: LiveEngine): Promise<() => string> {
        const options = { follow: true, stdout: true, stderr: true } as const;
        const stream = await this.docker.getContainer(id).logs(options);
        let text = "";
        stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
        return () => text;
    }
}

function alias(info: Docker.ContainerInspectInfo): string {
    const { [label.rank]: rank, [label.group]: group } = info.Config.Labels;
    return aliasOf({ rank: Number(rank), group });
}

function describeContainer(info: Docker.ContainerInspectInfo): LiveContainer {
    const [network] = Object.values(info.NetworkSettings.Networks);
    const bindings = Object.values((info.HostConfig.PortBindings ?? {}) as Record<string, { HostPort: string }[]>);
    return {
        info,
        id: info.Id,
        outputId: info.Id,
        // A stopped container has no address but the one that it asked for, and one that is being created has no network yet.
        ip: network?.IPAddress || ((network?.IPAMConfig as { IPv4Address: string } | undefined)?.IPv4Address ?? ""),
        isRunning: info.State.Running,
        isReady: info.State.Running,
        createdAt: Date.parse(info.Created),
        startedAt: Date.parse(info.State.StartedAt),
        finishedAt: Date.parse(info.State.FinishedAt),
        hostFolders: info.Mounts.map(({ Source }) => Source),
        hostPorts: bindings.flat().map(({ HostPort }) => Number(HostPort)),
    };
}
