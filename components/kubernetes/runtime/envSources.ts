import type { V1ConfigMap, V1Secret } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { SessionContext } from "../../model/context";
import { Problem, SessionError, describeProblems, show } from "../../model/errors";
import { isLater } from "../../model/inputs";
import { NoAnswer } from "../../observing/time";
import { warn } from "../../program/console";
import { isOnMocks } from "../../program/mode";
import { EnvSource } from "../options";
import * as client from "./client/cluster";

/** What the reading of a source has found. */
interface Found {
    problems?: Problem[];
    /** The values of a Secret. */
    secrets?: string[];
    /** The name of a Secret that the program may not read. */
    unread?: string;
}

/**
 * Reads what engines take variables from: a Pod would wait for an object that does not exist. Returns the values of the Secrets, which
 * stay in this program and reach no resource.
 */
export function readEnvSources(
    context: SessionContext,
    settings: pulumi.Output<client.ClusterSettings>,
    namespace: pulumi.Output<string>,
): pulumi.Output<string[]> {
    return isOnMocks() || context.plan.kubernetes.envFrom.length === 0
        ? pulumi.output([])
        : pulumi
              .all([settings, namespace])
              .apply(async ([known, inNamespace]) => readFrom(await client.openCluster(known, inNamespace), context));
}

/** The same in a cluster that is known. */
export async function readFrom(cluster: client.Cluster, context: SessionContext): Promise<string[]> {
    const { plan, session } = context;
    const reading = plan.kubernetes.envFrom.map((source, index) =>
        readSource(cluster, source, { at: `kubernetes.envFrom[${index}]`, mayCome: mayCome(context, source) }),
    );
    const found = await Promise.all(reading).catch((error: unknown) => {
        throw new SessionError(explain(error), session);
    });
    const problems = found.flatMap((each) => each.problems ?? []);
    if (problems.length > 0) {
        const subject = `The session in the namespace ${cluster.namespace} of the cluster`;
        throw new SessionError(describeProblems(subject, problems), session);
    }
    await warnOfUnread(found, session);
    return found.flatMap(({ secrets = [] }) => secrets);
}

/** Whether an object that a preview does not find may be one that this program is about to create. */
function mayCome({ plan, waitsForOthers }: SessionContext, { secretName, configMapName }: EnvSource): boolean {
    const { namespace, createNamespace } = plan.kubernetes;
    const isOfProgram = waitsForOthers === true || isLater(namespace) || isLater(secretName ?? configMapName);
    return pulumi.runtime.isDryRun() && (createNamespace || isOfProgram);
}

async function readSource(
    cluster: client.Cluster,
    { secretName, configMapName }: EnvSource,
    { at, mayCome: isAwaited }: { at: string; mayCome: boolean },
): Promise<Found> {
    const { core, namespace } = cluster;
    const name = await client.unlessUnknown(pulumi.output(secretName ?? configMapName));
    if (name === undefined) {
        return {};
    }
    const isSecret = secretName !== undefined;
    const kind = isSecret ? "Secret" : "ConfigMap";
    const read = (): Promise<V1Secret | V1ConfigMap> =>
        isSecret ? core.readNamespacedSecret({ namespace, name }) : core.readNamespacedConfigMap({ namespace, name });
    try {
        const object = await client.unlessForbidden(`get the ${kind} ${name}`, read);
        if (!isSecret) {
            return {};
        }
        return object === undefined ? { unread: name } : { secrets: Object.values(object.data ?? {}).map(decode) };
    } catch (error) {
        if (client.codeOf(error) !== 404) {
            throw error;
        }
        const reason = `the ${kind} ${show(name)} does not exist in this namespace; create it, or remove the entry. If this program creates it, give the session the resource's metadata.name`;
        return isAwaited ? {} : { problems: [{ path: `${at}.${isSecret ? "secretName" : "configMapName"}`, reason }] };
    }
}

function decode(value: string): string {
    return Buffer.from(value, "base64").toString();
}

/** A preview shows nothing that engines print now. */
async function warnOfUnread(found: Found[], session: pulumi.Resource): Promise<void> {
    const names = found.flatMap(({ unread = [] }) => unread);
    if (names.length > 0 && !pulumi.runtime.isDryRun()) {
        const secrets = `${names.length === 1 ? "the Secret" : "the Secrets"} ${names.join(", ")}`;
        const text = `What engines print is shown with the values of ${secrets}: to hide them, the program needs the right to get Secrets in the session's namespace.`;
        await warn(text, session);
    }
}

function explain(error: unknown): string {
    return error instanceof NoAnswer
        ? error.message
        : `Cannot read what kubernetes.envFrom names: ${client.formatClusterError(error)}.`;
}
