import * as pulumi from "@pulumi/pulumi";
import { DeployOptions, Registered, unknown } from "./deploy";

type Resource = pulumi.runtime.MockResourceArgs;

/** How the Kubernetes provider answers on mocks: it names what has no name, and the cluster adds uids and the addresses of Pods. */
export function clusterOnMocks({ preview }: DeployOptions): DeployOptions {
    return {
        idOf: (resource) => {
            const { namespace, name } = metadataOf(resource);
            return isOfCluster(resource) ? `${namespace}/${name}` : `${resource.name}-0123456789`;
        },
        foreseen: (resource) =>
            isOfCluster(resource)
                ? { metadata: { ...metadataOf(resource), uid: preview ? unknown : `${resource.name}-uid` } }
                : {},
        computed: (resource) =>
            resource.type === "kubernetes:core/v1:Pod" ? { status: { podIP: addressOf(resource) } } : {},
    };
}

function isOfCluster({ type }: Resource): boolean {
    return type.startsWith("kubernetes:");
}

function metadataOf({ name, inputs }: Resource): { name: string; namespace: string } {
    return { name: `${name}-abc1234`, namespace: "default", ...inputs.metadata };
}

/** 10.244.0.2 for the master, 10.244.0.3 for the first worker. */
function addressOf({ inputs }: Resource): string {
    return `10.244.0.${2 + Number(inputs.metadata.labels["distributed-session.rank"])}`;
}

/** The description of a Pod, or of the Pods of a Job. */
export function podSpecIn({ inputs }: Registered): Record<string, any> {
    return (inputs.spec.template ?? inputs).spec;
}

/** The one container of a Pod, or of the Pods of a Job. */
export function containerIn(resource: Registered): Record<string, any> {
    const { containers } = podSpecIn(resource);
    if (containers.length !== 1) {
        throw new Error(`${resource.name} has ${containers.length} containers`);
    }
    return containers[0];
}

/** The environment that a Pod is given, by name: values, or where they come from. */
export function podEnvironmentIn(resource: Registered): Record<string, any> {
    const variables = containerIn(resource).env as { name: string; value?: string; valueFrom?: unknown }[];
    return Object.fromEntries(variables.map(({ name, value, valueFrom }) => [name, valueFrom ?? value]));
}

/** What Kubernetes makes of `$(NAME)` and `$$` in arguments and environment (third_party/forked/golang/expansion of its source). */
export function expand(text: string, variables: Record<string, string> = {}): string {
    const [input, output]: [Buffer, Buffer[]] = [Buffer.from(text), []];
    const at = (index: number) => String.fromCharCode(input[index]!);
    for (let cursor = 0; cursor < input.length; cursor++) {
        if (at(cursor) !== "$" || cursor + 1 === input.length) {
            output.push(input.subarray(cursor, cursor + 1));
            continue;
        }
        const next = at(++cursor);
        const end = next === "(" ? input.indexOf(")", cursor) : -1;
        if (end > 0) {
            const name = input.toString("utf8", cursor + 1, end);
            output.push(Buffer.from(variables[name] ?? `$(${name})`));
            cursor = end;
        } else {
            // A byte of a longer character is taken for a character of its own here, as there.
            output.push(Buffer.from(next === "$" ? "$" : `$${next}`));
        }
    }
    return Buffer.concat(output).toString("utf8");
}
