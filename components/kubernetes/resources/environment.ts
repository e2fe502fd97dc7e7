import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Wiring, environmentOf } from "../../model/environment";
import { isLater, map } from "../../model/inputs";
import { EngineTemplate, Plan, Templated } from "../../model/plan";
import { sessionKeyVariable } from "../../model/pool";

type EnvVar = kubernetes.types.input.core.v1.EnvVar;
type Container = kubernetes.types.input.core.v1.Container;

/**
 * A text as Kubernetes is to be given it: in the arguments and the environment of a container it replaces `$(NAME)` by a variable and
 * `$$` by `$`, which no other backend does. A lone `$` would do before most characters, but not before one beyond ASCII.
 */
export function literal(text: string): string {
    return text.replaceAll("$", "$$$$");
}

/**
 * Runs a command in the Pod of an Indexed Job, with RANK. A Job counts its Pods from 0, and ranks are counted from 1: only a shell can add in
 * between.
 */
export const ranked = ["sh", "-c", literal('export RANK=$((JOB_COMPLETION_INDEX + 1)); exec "$@"'), "sh"];

/** A variable of the container itself, to be filled in by Kubernetes. */
export function variable(name: string): string {
    return `$(${name})`;
}

/** The variable from which others take the engine's own address. */
const ownAddress = "CDSW_IP_ADDRESS";

/** What only the cluster knows when an engine starts, and where it is found. */
const fromPod: Record<string, string> = {
    [ownAddress]: "status.podIP",
    CDSW_ENGINE_ID: "metadata.name",
};

/** The value of a variable that the engine's own address stands for. */
export const ownAddressValue = variable(ownAddress);

/**
 * The variables that come from other resources: the session's key, and those of the user. They may be secret, so they travel in a Secret:
 * nothing if there are none.
 */
export function laterVariables({
    env,
    sessionKey,
}: EngineTemplate): pulumi.Input<Record<string, pulumi.Input<string>>> | undefined {
    const ofSession: Record<string, pulumi.Input<string>> = sessionKey === undefined
        ? {}
        : { [sessionKeyVariable]: sessionKey };
    if (isLater(env)) {
        return sessionKey === undefined ? env : map(env, (own) => ({ ...own, ...ofSession }));
    }
    const later = { ...Object.fromEntries(Object.entries(env).filter(([, value]) => isLater(value))), ...ofSession };
    return Object.keys(later).length === 0 ? undefined : later;
}

/**
 * The environment of an engine as Kubernetes takes it. Variables that others refer to come first. Those that come later are taken
 * from the Secret, the names alone being in the engine's own description.
 */
export function renderEnvironment(
    engine: Templated,
    place: Wiring,
    secret: pulumi.Input<string> | undefined,
): pulumi.Input<pulumi.Input<EnvVar>[]> {
    const { template } = engine;
    const later = laterVariables(template);
    const names =
        later === undefined ? [] : map(pulumi.unsecret(pulumi.output(later).apply(Object.keys)), (each) => each);
    const plain = isLater(template.env)
        ? {}
        : Object.fromEntries(Object.entries(template.env).filter(([, value]) => !isLater(value)));
    const environment = environmentOf({ ...engine, template: { ...template, env: plain } }, place) as Record<
        string,
        pulumi.Input<string>
    >;
    return map(names, (laterNames) => [
        ...Object.entries(fromPod).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
        ...Object.keys(environment)
            .filter((name) => name !== ownAddress && !laterNames.includes(name))
            .sort()
            .map((name) => ({ name, value: renderValue(environment[name]!, name in plain) })),
        ...[...laterNames].sort().map((name) => ({ name, valueFrom: { secretKeyRef: { name: secret!, key: name } } })),
    ]);
}

/** The objects from which the cluster takes variables that `env` does not have. */
export function renderEnvSources({ kubernetes: { envFrom } }: Plan): Pick<Container, "envFrom"> {
    const sources = envFrom.map(({ secretName, configMapName, prefix }) => ({
        ...(secretName === undefined
            ? { configMapRef: { name: configMapName! } }
            : { secretRef: { name: secretName } }),
        ...(prefix === undefined ? {} : { prefix }),
    }));
    return sources.length === 0 ? {} : { envFrom: sources };
}

/** A value as Kubernetes takes it: the session's own may stand for the engine's address, those of the user are what they are. */
function renderValue(value: pulumi.Input<string>, isOfUser: boolean): pulumi.Input<string> {
    return value === ownAddressValue && !isOfUser ? value : map(value, literal);
}
