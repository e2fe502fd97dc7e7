import Docker from "dockerode";
import { label } from "../../../components/labels";
import { demultiplex } from "../../../components/docker/logs";

/** A Docker daemon as the tests look into it, past Pulumi. */
export class Host {
    readonly docker: Docker;

    constructor(socketPath = "/var/run/docker.sock") {
        this.docker = new Docker(process.env.DOCKER_HOST === undefined ? { host: undefined, socketPath } : undefined);
    }

    /** Everything that carries a session's label: names of containers and networks. */
    async leftovers(identity: string): Promise<string[]> {
        const filters = { label: [`${label.session}=${identity}`] };
        const containers = await this.docker.listContainers({ all: true, filters });
        const networks = await this.docker.listNetworks({ filters });
        return [...containers.map((each) => each.Names[0] ?? each.Id), ...networks.map((each) => each.Name)];
    }

    /** The containers of a session by the name that the session gives them. */
    async engines(identity: string): Promise<Map<string, Docker.ContainerInspectInfo>> {
        const filters = { label: [`${label.session}=${identity}`] };
        const containers = await this.docker.listContainers({ all: true, filters });
        const infos = await Promise.all(containers.map(({ Id }) => this.docker.getContainer(Id).inspect()));
        return new Map(infos.map((info) => [alias(info), info]));
    }

    /** Runs a command in a container: what it prints, both streams, and its exit code. */
    async exec(id: string, ...command: string[]): Promise<{ text: string; exitCode: number }> {
        const exec = await this.docker.getContainer(id).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
        const chunks: Buffer[] = [];
        for await (const chunk of await exec.start({ hijack: false, stdin: false })) {
            chunks.push(chunk as Buffer);
        }
        return { text: demultiplex(Buffer.concat(chunks)), exitCode: (await exec.inspect()).ExitCode ?? -1 };
    }
}

function alias(info: Docker.ContainerInspectInfo): string {
    const { [label.role]: role, [label.rank]: rank } = info.Config.Labels;
    return role === "master" ? "master" : `worker-${rank}`;
}
