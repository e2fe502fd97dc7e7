import { PublishedPort } from "../model/args";
import { Complete, DefaultsOf, complete } from "../model/complete";
import { DockerLog, DockerOptions } from "./options";

const docker = {
    subnet: undefined,
    pidsLimit: 4096,
    log: {} as DockerLog,
} satisfies DefaultsOf<DockerOptions>;

const published = { port: undefined, hostPort: undefined, hostIp: "127.0.0.1" } satisfies DefaultsOf<PublishedPort>;

const log = { maxFileMib: 20, maxFiles: 5 } satisfies DefaultsOf<DockerLog>;

/** A published port with the place on the host that it has. */
export type CompletePort = Required<PublishedPort>;

/** The options of the Docker backend with their defaults. */
export interface CompleteDocker extends Complete<DockerOptions, typeof docker> {
    log: Required<DockerLog>;
}

/** The options with their defaults. What has the wrong shape is left out. */
export function completeDocker(options: DockerOptions | undefined): CompleteDocker {
    const given = complete(options, docker);
    return { ...given, log: complete(given.log, log) };
}

/** Published ports with their places on the host. */
export function completePorts(publish: readonly PublishedPort[]): CompletePort[] {
    return publish.map((each) => {
        const port = complete(each, published);
        return { ...port, hostPort: port.hostPort ?? port.port };
    });
}
