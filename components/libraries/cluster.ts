import * as pulumi from "@pulumi/pulumi";
import { DistributedSession } from "../distributedSession";
import { formatEndpoint } from "../endpoints";
import { SessionError, describeProblems, show } from "../model/errors";
import { Engine } from "../model/outputs";
import { createSessionKey } from "../sessionKey";
import { Check } from "../validation/checkObject";
import { ClusterArgs } from "./args";
import { Preset, sessionArgsOf } from "./preset";
import { validateCluster } from "./validateCluster";

/** What a cluster is declared for. */
export interface ClusterContext {
    preset: Preset;
    /** The component that holds the session. */
    component: pulumi.ComponentResource;
    opts?: pulumi.ComponentResourceOptions;
    /** The checks of what only this library's arguments have. */
    checks?: Record<string, Check>;
}

/** The outputs of every cluster. */
export interface DeclaredSession {
    master: pulumi.Output<Engine>;
    workers: pulumi.Output<Engine[]>;
    network: pulumi.Output<string>;
}

/** The outputs of a cluster that clients connect to. */
export interface DeclaredCluster extends DeclaredSession {
    address: pulumi.Output<string>;
    publishedAddress: pulumi.Output<string | undefined>;
    dashboard: pulumi.Output<string>;
    /** Where the library asks its clients for one. */
    token?: pulumi.Output<string>;
}

/** Declares the session of a cluster. All problems are raised at once, under the name of the cluster. */
export function declareSession(context: ClusterContext, name: string, args: ClusterArgs): DistributedSession {
    refuseProblems(context, name, args);
    return createSession(context, name, args);
}

/** Declares a cluster that clients connect to. */
export function declareCluster(context: ClusterContext, name: string, args: ClusterArgs): DeclaredCluster {
    refuseProblems(context, name, args);
    const { scheme, port, dashboard, hasToken } = context.preset.client!;
    const token = hasToken ? createSessionKey(name, context.component) : undefined;
    const session = createSession(context, name, args, token);
    const { master, workers, network } = session;
    const [inside, outside] = [insideOf(session, port), outsideOf(session, port)];
    const page = pulumi.all([insideOf(session, dashboard.port), outsideOf(session, dashboard.port)]);
    return {
        master,
        workers,
        network,
        address: inside.apply((place) => `${scheme}://${place}`),
        publishedAddress: outside.apply((place) => place && `${scheme}://${place}`),
        dashboard: page.apply(([own, published]) => `http://${published ?? own}${dashboard.path}`),
        ...(token === undefined ? {} : { token }),
    };
}

function refuseProblems({ preset, component, checks }: ClusterContext, name: string, args: ClusterArgs): void {
    const problems = validateCluster({ preset, checks }, name, args);
    if (problems.length > 0) {
        const subject = `${component.constructor.name} ${show(name)}`;
        throw new SessionError(describeProblems(subject, problems), component);
    }
}

function createSession(
    { preset, component, opts }: ClusterContext,
    name: string,
    args: ClusterArgs,
    token?: pulumi.Output<string>,
): DistributedSession {
    const { dependsOn } = opts ?? {};
    return new DistributedSession(name, sessionArgsOf(preset, args, token), { parent: component, dependsOn });
}

/** Where the session's engines reach a port of the master. */
function insideOf({ masterIp }: DistributedSession, port: number): pulumi.Output<string> {
    return masterIp.apply((ip) => formatEndpoint(ip, port));
}

/** Where others reach a port of the master, if they may. */
function outsideOf({ endpoints }: DistributedSession, port: number): pulumi.Output<string | undefined> {
    return endpoints.apply((all) => all.find((each) => each.port === port)?.published);
}
