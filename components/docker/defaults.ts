import { Complete, DefaultsOf, complete } from "../model/complete";
import { DockerLog, DockerOptions, PublishedPort } from "./options";

const docker = {
    subnet: undefined,
    publish: [] as PublishedPort[],
    pidsLimit: 4096,
    log: {} as DockerLog,
} satisfies DefaultsOf<DockerOptions>;

const published = { port: undefined, hostPort: undefined, hostIp: "127.0.0.1" } satisfies DefaultsOf<PublishedPort>;

const log = { maxFileMib: 20, maxFiles: 5 } satisfies DefaultsOf<DockerLog>;

/** A published port with its defaults. */
export type CompletePort = Required<PublishedPort>;

/** The options of the Docker backend with their defaults. */
export interface CompleteDocker extends Complete<DockerOptions, typeof docker> {
    publish: CompletePort[];
    log: Required<DockerLog>;
}

/** The options with their defaults. What has the wrong shape is left out. */
export function completeDocker(options: DockerOptions | undefined): CompleteDocker {
    const given = complete(options, docker);
    const ports: unknown[] = Array.isArray(given.publish) ? Array.from(given.publish) : [];
    const publish = ports.map((each) => {
        const port = complete(each as PublishedPort, published);
        return { ...port, hostPort: port.hostPort ?? port.port };
    });
    return { ...given, publish, log: complete(given.log, log) };
}
