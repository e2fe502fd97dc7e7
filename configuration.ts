import * as pulumi from "@pulumi/pulumi";
import {
    Backend,
    DaskCluster,
    DistributedSessionArgs,
    EngineSpec,
    MasterSpec,
    RParallelCluster,
    RayCluster,
    SessionSettings,
    SparkCluster,
    TorchJob,
    TorchJobArgs,
    WorkerGroupSpec,
    WorkersSpec,
} from "./components";

/** The clusters of libraries, by the name of the library. */
export const clusters = {
    dask: DaskCluster,
    ray: RayCluster,
    spark: SparkCluster,
    "r-parallel": RParallelCluster,
    torch: TorchJob,
};
type Library = keyof typeof clusters;

/** A session, or the cluster of a library, as the configuration of a stack describes it. */
export type Configuration =
    | { name: string; library?: undefined; args: DistributedSessionArgs }
    | { name: string; library: Library; args: TorchJobArgs };

/** The SDK has this function, and leaves it out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * Reads the configuration, which has the words of DistributedSessionArgs; the component checks the values. Where `master`, `workers` or
 * `workerGroups` holds a secret, its `env`, `code`, `command` and `joinCheck` are secrets. Fails where another key is a secret, as its values stand in the state.
 */
export function readConfiguration(config = new pulumi.Config()): Configuration {
    const isSecret = (key: string) => isConfigSecret(`${config.name}:${key}`);
    const plain = <T>(key: string, value: T): T => {
        if (isSecret(key)) {
            const remedy = "set it without --secret, and keep secrets in env, code or command of master or workers";
            throw new pulumi.RunError(
                `${config.name}:${key} is a secret, and its values cannot be kept one: ${remedy}.`,
            );
        }
        return value;
    };
    const text = <Text extends string>(key: string) => plain(key, config.get<Text>(key));
    // The component says what is wrong with a value, and quotes it.
    const value = <Value>(key: string): Value | undefined => {
        const found = valueOf(config.get(key));
        if (isSecret(key) && found !== undefined && typeof found !== "object") {
            const kind = typeof found === "string" ? "text" : typeof found;
            throw new pulumi.RunError(`${config.name}:${key} is a ${kind}; give an object or a list of objects.`);
        }
        return found as Value | undefined;
    };
    const object = <Key extends keyof TorchJobArgs>(key: Key) => plain(key, value<TorchJobArgs[Key]>(key));
    const guarded = <Spec extends EngineSpec>(key: string, spec: Spec): Spec =>
        isSecret(key) && isObject(spec) ? { ...spec, ...secretsOf(spec) } : spec;
    const engine = <Spec extends EngineSpec>(key: string) => {
        config.require(key);
        return guarded(key, value<Spec>(key)!);
    };

    const name = text("name") ?? "session";
    const settings: SessionSettings = {
        backend: text("backend"),
        project: text("project"),
        shared: object("shared"),
        volumes: object("volumes"),
        publish: object("publish"),
        wait: text("wait"),
        timeoutSeconds: object("timeoutSeconds"),
        onWorkerFailure: text("onWorkerFailure"),
        maxSeconds: object("maxSeconds"),
        egress: text("egress"),
        readOnlyRoot: object("readOnlyRoot"),
        worldSize: object("worldSize"),
        ...Object.fromEntries(Object.values(Backend).map((backend) => [backend, object(backend)])),
    };
    const workers = () => {
        const groups = value<WorkerGroupSpec[]>("workerGroups");
        const guardedGroups = Array.isArray(groups) ? groups.map((group) => guarded("workerGroups", group)) : groups;
        return {
            workers: engine<WorkersSpec>("workers"),
            ...(groups === undefined ? {} : { workerGroups: guardedGroups }),
        };
    };
    const library = text("library");
    if (library === undefined) {
        const misplaced = ["job", "elastic"].find((key) => config.get(key) !== undefined);
        if (misplaced !== undefined) {
            throw new pulumi.RunError(`${config.name}:${misplaced} is for the cluster of a library: give library too.`);
        }
        return { name, args: { ...settings, master: engine<MasterSpec>("master"), ...workers() } };
    }
    if (!isLibrary(library)) {
        const known = Object.keys(clusters).join(", ");
        throw new pulumi.RunError(`${config.name}:library: ${JSON.stringify(library)} is none of ${known}.`);
    }
    const master = value<MasterSpec>("master");
    const elastic = object("elastic");
    const args = {
        ...settings,
        // Whether a library needs one, its component says.
        job: text("job")!,
        ...(elastic === undefined ? {} : { elastic }),
        ...(master === undefined ? {} : { master: guarded("master", master) }),
        ...workers(),
    };
    return { name, library, args };
}

/** The value that a key of the configuration has: the CLI keeps all but texts as JSON. */
function valueOf(text: string | undefined): unknown {
    try {
        return text && JSON.parse(text);
    } catch {
        return text;
    }
}

function isLibrary(name: string): name is Library {
    return Object.hasOwn(clusters, name);
}

/** What of an engine can be a secret, marked as one: the configuration does not say which of its values the secret is. */
function secretsOf({ env, code, command, joinCheck }: EngineSpec & Partial<WorkersSpec>): Partial<WorkersSpec> {
    const variables = (own: object) =>
        Object.fromEntries(Object.entries(own).map(([name, value]) => [name, pulumi.secret(value as string)]));
    return {
        // Value by value, so that names are checked at once.
        ...(env === undefined ? {} : { env: isObject(env) ? variables(env) : pulumi.secret(env) }),
        ...(code === undefined ? {} : { code: pulumi.secret(code) }),
        ...(command === undefined ? {} : { command: pulumi.secret(command) }),
        ...(joinCheck === undefined ? {} : { joinCheck: pulumi.secret(joinCheck) }),
    };
}

function isObject(value: unknown): value is object {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
