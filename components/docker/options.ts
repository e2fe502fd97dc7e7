/**
 * How much of an engine's output the Docker host keeps on its disk: the newest `maxFiles` files. It applies where the daemon's default log
 * driver is `json-file` or `local`; another driver keeps output by its own rules.
 */
export interface DockerLog {
    /** The size of one file in MiB: a whole number from 1 to 1024. Default: 20. */
    maxFileMib?: number;
    /** The number of files: a whole number from 2 to 100, because a full file makes way for the next. Default: 5. */
    maxFiles?: number;
}

/** Settings of the Docker backend. */
export interface DockerOptions {
    /**
     * The session's subnet: a private IPv4 range in CIDR form, /16 to /28, that overlaps no other network of the host.
     * Default: a free /22 of 10.0.0.0/8, chosen when the network is created and then kept.
     */
    subnet?: string;
    /** The limit on processes and threads in one engine. Default: 4096. */
    pidsLimit?: number;
    /** How much output the host keeps. A change applies to the engines that are created after it. Default: 100 MiB of each engine. */
    log?: DockerLog;
}
