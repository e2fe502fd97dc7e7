import { Cluster } from "./cluster";
import { whyNoKubernetes } from "./clusterAccess";
import { Host } from "./docker";
import { Site } from "./site";

type Config = Record<string, any>;

/** A backend as the tests of all of them need to know it: a column of the matrix. */
export interface TestBackend<S extends Site = Site> {
    title: string;
    /** Where its engines run. */
    site: S;
    /** A configuration, with what makes a session run there. */
    configured(config: Config): Config;
    /** Why nothing can run there; nothing if it can. */
    whyNot(): Promise<string | undefined>;
    /** The names of the resources that n workers are. */
    workerResources(n: number): string[];
    /** The property of those in which the workers' environment is. */
    environmentProperty: string;
    /** The type of the provider's resources begins like this. */
    typePrefix: string;
}

/** Tests only place little on a cluster, whatever limits they set: its nodes may be small. */
const requests = { cpu: 0.01, memory: 0.03 };

let cluster: Cluster | undefined;

function workerNames(n: number): string[] {
    return Array.from({ length: n }, (_, index) => `session-worker-${index + 1}`);
}

export const docker: TestBackend<Host> = {
    title: "Docker",
    site: new Host(),
    configured: (config) => config,
    whyNot: () => Promise.resolve(undefined),
    workerResources: workerNames,
    environmentProperty: "envs",
    typePrefix: "docker:",
};

export const kubernetes: TestBackend<Cluster> = {
    title: "Kubernetes",
    get site() {
        return (cluster ??= new Cluster());
    },
    configured: ({ kubernetes: options, ...config }) => ({
        backend: "kubernetes",
        ...config,
        kubernetes: { ...options, pods: { requests, ...options?.pods } },
    }),
    whyNot: whyNoKubernetes,
    workerResources: workerNames,
    environmentProperty: "spec",
    typePrefix: "kubernetes:",
};

export const oneJob: TestBackend<Cluster> = {
    title: "Kubernetes, one Job",
    get site() {
        return kubernetes.site;
    },
    configured: ({ kubernetes: options, ...config }) =>
        kubernetes.configured({ ...config, kubernetes: { workers: "IndexedJob", ...options } }),
    whyNot: whyNoKubernetes,
    workerResources: () => ["session-workers"],
    environmentProperty: "spec",
    typePrefix: "kubernetes:",
};

/** The columns of the matrix: every backend, with workers of either kind. */
export const columns: TestBackend[] = [docker, kubernetes, oneJob];

/** Every backend, with its default kind of workers. */
export const everyBackend: TestBackend[] = [docker, kubernetes];
