import * as pulumi from "@pulumi/pulumi";
import { leavePromisesUntraced } from "./untracedPromises";

leavePromisesUntraced();

/** What a program registers of one resource. */
export interface Registered {
    urn: string;
    type: string;
    name: string;
    inputs: Record<string, any>;
    /** The parent's URN. */
    parent: string;
    /** The provider as `urn::id`, or nothing for the default one. */
    provider: string;
    /** The URNs of the resources that each input comes from. */
    dependencies: Record<string, string[]>;
    /** The URNs of the resources that it waits for, by its inputs or without them. */
    waitsFor: string[];
    deleteBeforeReplace: boolean;
    ignoreChanges: string[];
    replaceOnChanges: string[];
    /** How long Pulumi waits for it, as in `30s`. */
    customTimeouts: { create?: string; update?: string; delete?: string };
    protect: boolean;
    /** The URNs of the resources with which it is replaced. */
    replaceWith: string[];
}

/** What a program leaves behind. */
export interface Deployment {
    /** All resources but the stack itself, in the order in which they were registered. */
    resources: Registered[];
    /** What the program returned, with every output resolved. */
    outputs: Record<string, any>;
    /** What resources registered as their outputs, by URN. */
    registeredOutputs: Map<string, Record<string, any>>;
}

export interface DeployOptions {
    /** Runs the program as in a preview of a new stack: what only the cloud decides is unknown. */
    preview?: boolean;
    /** The id of a resource. Default: `<name>-0123456789`. */
    idOf?: (args: pulumi.runtime.MockResourceArgs) => string;
    /** The properties that its provider knows of a resource already in a preview. */
    foreseen?: (args: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
    /** The properties that the cloud adds to a resource, besides its id. */
    computed?: (args: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
    /** Makes a resource of a provider, in place of a cloud that only gives back what it was given. */
    create?: (args: pulumi.runtime.MockResourceArgs) => Promise<pulumi.runtime.MockResourceResult>;
}

/** What stands for an unknown value among the inputs of a resource. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Runs a program on mocks. Rejects with whatever it throws: at once, in an `apply` that is used, or in one that nobody waits for. */
export async function deploy(program: () => pulumi.Inputs | void, options: DeployOptions = {}): Promise<Deployment> {
    const errors: unknown[] = [];
    let fail: () => void;
    const failed = new Promise<void>((resolve) => (fail = resolve));
    const note = (error: unknown) => {
        errors.push(error);
        fail();
    };
    const restore = hideDockerSettings();
    // The SDK leaves an error in an `apply` to nobody, and the test runner ignores a rejection that nobody handles.
    process.on("unhandledRejection", note);
    try {
        await mock(options);
        const { resources, registeredOutputs } = record();
        const run = async () => {
            const stack = await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program() ?? {}));
            await pulumi.runtime.disconnect();
            return stack;
        };
        // Some versions of the SDK wait for ever for a resource whose inputs have failed.
        const outputs = await Promise.race([run(), failed]);
        // Node reports rejections once the running microtasks are through; an `apply` of an `apply` takes another round.
        for (let round = 0; round < 3; round++) {
            await new Promise((resolve) => setImmediate(resolve));
        }
        if (errors.length > 0) {
            throw errors[0];
        }
        return { resources, registeredOutputs, outputs: (await resolve(outputs)) as Record<string, any> };
    } finally {
        process.off("unhandledRejection", note);
        restore();
    }
}

/** Takes the environment's choice of a Docker host away, so that no test depends on it; what comes back restores it. */
function hideDockerSettings(): () => void {
    const settings = Object.entries(process.env).filter(([name]) => name.startsWith("DOCKER_"));
    settings.forEach(([name]) => delete process.env[name]);
    return () => void Object.assign(process.env, Object.fromEntries(settings));
}

function mock({ preview, idOf, foreseen, computed, create }: DeployOptions): Promise<void> {
    const mocks: pulumi.runtime.Mocks = {
        newResource: (args) =>
            create !== undefined && args.custom === true
                ? create(args)
                : {
                      // In a preview, the cloud has not said anything yet.
                      id:
                          preview === true && args.custom === true
                              ? undefined
                              : (idOf?.(args) ?? `${args.name}-0123456789`),
                      state: { ...args.inputs, ...foreseen?.(args), ...(preview === true ? {} : computed?.(args)) },
                  },
        call: ({ inputs }) => inputs,
    };
    return pulumi.runtime.setMocks(mocks, "project", "stack", preview === true);
}

/** Writes down what reaches the mocked engine: its own record lacks parents, dependencies and options. */
function record(): Pick<Deployment, "resources" | "registeredOutputs"> {
    const resources: Registered[] = [];
    const registeredOutputs = new Map<string, Record<string, any>>();
    const monitor: any = pulumi.runtime.getMonitor();

    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request: any, callback: (error: unknown, response: any) => void) => {
        register(request, (error: unknown, response: any) => {
            if (!error && request.getType() !== "pulumi:pulumi:Stack") {
                resources.push(describe(request, response.getUrn()));
            }
            callback(error, response);
        });
    };

    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request: any, callback: unknown) => {
        registeredOutputs.set(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
        registerOutputs(request, callback);
    };
    return { resources, registeredOutputs };
}

function describe(request: any, urn: string): Registered {
    const fields = request.toObject();
    return {
        urn,
        type: fields.type,
        name: fields.name,
        inputs: request.getObject()?.toJavaScript() ?? {},
        parent: fields.parent,
        provider: fields.provider,
        dependencies: Object.fromEntries(
            fields.propertydependenciesMap.map(([property, { urnsList }]: [string, any]) => [property, urnsList]),
        ),
        waitsFor: fields.dependenciesList,
        deleteBeforeReplace: fields.deletebeforereplace,
        ignoreChanges: fields.ignorechangesList,
        replaceOnChanges: fields.replaceonchangesList,
        customTimeouts: fields.customtimeouts ?? {},
        protect: fields.protect ?? false,
        replaceWith: fields.replaceWithList ?? fields.replacewithList ?? [],
    };
}

/** The value of something that may hold outputs; in a preview, an unknown one is `undefined`. */
function resolve(value: unknown): Promise<unknown> {
    return (pulumi.output(value) as unknown as { promise(): Promise<unknown> }).promise();
}
