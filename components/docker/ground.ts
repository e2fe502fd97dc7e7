import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Declared, Ground } from "../backend";
import { PublishedPlace, formatEndpoint } from "../endpoints";
import { IdentifiedContext } from "../model/context";
import { Wiring } from "../model/environment";
import { Plan, PlannedEngine, WorkerGroup, workersIn } from "../model/plan";
import { mountsOf } from "../mounts";
import { Subnet, parseSubnet } from "./addressing";
import { completePorts } from "./defaults";
import { engineAddressOf } from "./engineAddress";
import { createEngine } from "./resources/container";
import { createNetwork, subnetOf } from "./resources/network";
import { createSharedVolume } from "./resources/sharedFolder";
import { hostSettingsOf } from "./resources/hostSettings";
import { HostLocation } from "./runtime/containerRuntime";
import { ResourceDemand } from "./runtime/preflight/preflight";
import { HostFindings } from "./runtime/replacements";

/** The host is inspected first; then come the network, the master in it, and the workers. */
export function declareGround(
    context: IdentifiedContext,
    inspect: (location: pulumi.Output<HostLocation>) => pulumi.Output<HostFindings>,
): Ground {
    const { plan } = context;
    const findings = inspect(locationOf(context));
    const networkToken = findings.apply((found) => found.networkToken);
    const network = createNetwork(context, wantedSubnet(context, findings), networkToken);
    const subnet = subnetOf(plan, network);
    const volume = createSharedVolume(context, network, networkToken);
    const entrypointOf = (image: pulumi.Input<string>) =>
        findings.apply(({ entrypoints }) => pulumi.output(image).apply((name) => entrypoints.get(name) ?? []));
    const logOptions = findings.apply(({ limitsLogs }) => (limitsLogs ? renderLogOptions(plan) : {}));

    const declare = (engine: PlannedEngine, wiring: Partial<Wiring>, master?: docker.Container): Declared => {
        const ip = subnet.apply((known) => engineAddressOf(plan, engine, known));
        const token = findings.apply(({ engineTokens }) => engineTokens.get(engine.alias)!);
        const place = { masterIp: ip, ...wiring, ip };
        const given = { network, place, token, logOptions, entrypointOf, volume, master };
        const resource = createEngine(context, engine, given);
        return { resource, engines: [{ engine, keyIn: (id) => id }], ip: addressIn(resource, ip) };
    };
    return {
        inspected: networkToken,
        network: network.name,
        shared: volume === undefined ? [] : [volume],
        declareMaster: () => declare(plan.master, {}),
        declareWorkers: (group, { resource, ip: masterIp }) => {
            const master = resource as docker.Container;
            const masterId = master.id.apply(shortId);
            return workersIn(plan, group).map((engine) => declare(engine, { masterIp, masterId }, master));
        },
        publishedPlaces: () => pulumi.output(publishedPlaces(plan)),
    };
}

/** Where the host is, and what engines of each kind ask of it together. */
function locationOf({ plan, session, identity: { uid } }: IdentifiedContext): pulumi.Output<HostLocation> {
    const groups = plan.groups.filter(({ count }) => count > 0);
    const demands = [{ template: plan.master.template, count: 1 }, ...groups].map(demandOf);
    return pulumi
        .all([hostSettingsOf(session), pulumi.unsecret(pulumi.all(demands)), mountsOf(plan), uid])
        .apply(([settings, known, mounts, ownUid]) => ({ settings, demands: known, mounts, uid: ownUid }));
}

function demandOf({ template, count }: Pick<WorkerGroup, "template" | "count">): pulumi.Output<ResourceDemand> {
    const { path, image, program, cpu, memory, disk } = template;
    return pulumi.output({ path, image, program, cpu, memory, disk, count });
}

function renderLogOptions({ docker: { log } }: Plan): Record<string, string> {
    return { "max-size": `${log.maxFileMib}m`, "max-file": String(log.maxFiles) };
}

/** The subnet for the network, which waits until the host was inspected. Which one is free and chosen depends on the uid. */
function wantedSubnet(
    { plan, identity }: IdentifiedContext,
    findings: pulumi.Output<HostFindings>,
): pulumi.Output<Subnet> {
    const asked = plan.docker.subnet;
    // An image that the same program builds is unknown in a preview, and so is what waits for it; a subnet that was asked for is not.
    return pulumi.runtime.isDryRun() && asked !== undefined
        ? pulumi.output(parseSubnet(asked)!)
        : pulumi.all([findings, asked ?? identity.kept]).apply(([{ subnet }]) => subnet);
}

/** The address that a container was given: an output of its own, so that what uses it waits for the container. */
function addressIn(container: docker.Container, asked: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi
        .all([container.networksAdvanced, asked])
        .apply(([networks, known]) => networks?.[0]?.ipv4Address ?? known);
}

/** The form of a container's id that the container itself knows: its host name. */
function shortId(id: string): string {
    return id.slice(0, 12);
}

function publishedPlaces({ publish }: Plan): PublishedPlace[] {
    return completePorts(publish).map(({ port, hostIp, hostPort }) => ({
        port,
        place: formatEndpoint(hostIp, hostPort),
    }));
}
