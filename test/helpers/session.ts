import * as pulumi from "@pulumi/pulumi";
import { DistributedSession, DistributedSessionArgs, MasterSpec, WorkersSpec } from "../../components";
import { DeployOptions, Deployment, Registered, deploy } from "./deploy";
import { clusterOnMocks } from "./kubernetes";

/** Arguments of a session, with the parts that a test does not speak of left out. */
export interface PartialArgs extends Omit<Partial<DistributedSessionArgs>, "master" | "workers"> {
    master?: Partial<MasterSpec>;
    workers?: Partial<WorkersSpec>;
}

/** A session that is fine, with what a test changes. A test that gives a script removes the command with `command: undefined`. */
export function sessionArgs(changes: PartialArgs = {}): DistributedSessionArgs {
    return {
        ...changes,
        master: { command: ["serve"], ports: [6000], ...changes.master },
        workers: { n: 2, command: ["work"], ...changes.workers },
    };
}

/** Deploys a session called `s` on mocks; its outputs are the session's. */
export function deploySession(
    changes: PartialArgs = {},
    options: DeployOptions & { providers?: () => pulumi.ProviderResource[] } = {},
): Promise<Deployment> {
    return deploy(
        () => {
            const { masterIp, master, workers, network, endpoints } = new DistributedSession(
                "s",
                sessionArgs(changes),
                options.providers && { providers: options.providers() },
            );
            return { masterIp, master, workers, network, endpoints };
        },
        { ...mocksOf(changes, options), ...options },
    );
}

/** The one resource of that name, and of a type that ends like this. */
export function find({ resources }: Deployment, name: string, type = ""): Registered {
    const found = resources.filter((resource) => resource.name === name && resource.type.endsWith(type));
    if (found.length !== 1) {
        throw new Error(
            `${found.length} resources are called ${name}, of ${resources.map((each) => each.name).join()}`,
        );
    }
    return found[0]!;
}

/** Deploys a session called `s` on a mocked cluster. */
export function deployOnCluster(
    changes: PartialArgs = {},
    options: Parameters<typeof deploySession>[1] = {},
): Promise<Deployment> {
    return deploySession({ backend: "kubernetes", ...changes }, options);
}

/** The environment of a container, by name; a line that has a secret is one itself. */
export function environmentIn({ inputs }: Registered): Record<string, string> {
    const lines = (inputs.envs as (string | { value: string })[]).map((line) =>
        typeof line === "string" ? line : line.value,
    );
    return Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
}

function mocksOf({ backend }: PartialArgs, options: DeployOptions): DeployOptions {
    return backend === "kubernetes" ? clusterOnMocks(options) : { computed: nameIfNone };
}

/** The provider names what has no name in the program. */
export function nameIfNone({ name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
    return { name: (inputs as { name?: string }).name ?? `${name}-abc1234` };
}
