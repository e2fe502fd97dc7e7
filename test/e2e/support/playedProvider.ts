import * as pulumi from "@pulumi/pulumi";
import * as crypto from "crypto";
import { ApiServer, Manifest } from "./apiServer";
import { eventually } from "./eventually";

const startMs = 60_000;
/** The property by which the SDK knows a secret that is passed on. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** Mocks that hand every object of a session to a cluster, named as Pulumi's provider names it. */
export class PlayedProvider {
    /** What the API server refused or warned of. */
    readonly objections: string[] = [];
    /** All objects, as the API server gave them back. */
    readonly made: Manifest[] = [];

    constructor(
        private readonly api: ApiServer,
        /** Where objects go that name no namespace of their own. */
        private readonly namespace: string,
        private readonly options: { dryRun: boolean },
    ) {}

    readonly create = async ({
        type,
        name,
        inputs,
    }: pulumi.runtime.MockResourceArgs): Promise<pulumi.runtime.MockResourceResult> => {
        if (type === "pulumi:index:Stash") {
            // Pulumi's engine keeps it, and no cluster.
            return { id: name, state: { ...inputs, output: inputs.input } };
        }
        const given = plain(inputs) as Manifest;
        const isNamespace = given.kind === "Namespace";
        const manifest: Manifest = {
            ...given,
            metadata: {
                name: `${name}-${crypto.randomBytes(4).toString("hex")}`,
                ...(isNamespace ? {} : { namespace: this.namespace }),
                ...given.metadata,
            },
        };
        const { status, body, warnings } = await this.api.create(manifest, this.options);
        this.objections.push(...warnings);
        if (status !== 201) {
            // Without an error, the rest is tried too; a program that fails in many places ends in no good order.
            this.objections.push(`${given.kind} ${name}: ${body.message}`);
        }
        const made: Manifest = status === 201 ? body : manifest;
        this.made.push(made);
        if (!this.options.dryRun) {
            return live(isMaster(made) ? await this.untilStarted(made) : made);
        }
        // A namespace that is not really made can have nothing in it.
        return live(isNamespace ? { ...made, metadata: { ...made.metadata, name: this.namespace } } : addressed(made));
    };

    /** The Pod once its startup probe has passed. */
    private untilStarted(pod: Manifest): Promise<Manifest> {
        return eventually(`the start of ${pod.metadata.name}`, startMs, async () => {
            const now = await this.api.read(pod);
            return now.status.containerStatuses?.[0].started === true ? now : undefined;
        });
    }
}

function isMaster({ kind, metadata }: Manifest): boolean {
    const labels = metadata.labels as Record<string, string>;
    return kind === "Pod" && labels["distributed-session.role"] === "master";
}

/** What a Pod gets only when it runs. */
function addressed(object: Manifest): Manifest {
    return object.kind === "Pod" ? { ...object, status: { ...object.status, podIP: "10.0.0.2" } } : object;
}

function live(object: Manifest): pulumi.runtime.MockResourceResult {
    const { name, namespace } = object.metadata;
    return { id: namespace === undefined ? name! : `${namespace}/${name}`, state: object };
}

/** The value without the marks of what is secret in it. */
function plain(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const { value: secret, ...rest } = value as Record<string, unknown>;
    return Object.keys(rest).join() === secretMark
        ? plain(secret)
        : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
