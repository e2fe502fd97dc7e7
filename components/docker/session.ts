import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { CreateSession } from "../backend";
import { Wiring } from "../model/environment";
import { CreatedEngine } from "../observing/runtime";
import { Endpoint, Engine } from "../model/outputs";
import { Plan, PlannedEngine, WorkerGroup, workersOf } from "../model/plan";
import { Subnet, addressOf, parseSubnet } from "./addressing";
import { createEngine } from "./resources/container";
import { formatEndpoint } from "./endpoint";
import { hostSettingsOf } from "./resources/hostSettings";
import { createNetwork, subnetOf } from "./resources/network";
import { DockerObserver, OpenedHost, observerOf } from "./runtime/observer";
import { ResourceDemand } from "./runtime/preflight/preflight";

/** A session on a Docker host: first everything is declared, then it is observed. */
export const createDockerSession: CreateSession = (plan, session) => {
    const observer = observerOf(plan, session);
    const opened = openHost(plan, observer, session);

    const generation = (engine?: PlannedEngine) =>
        opened.apply(({ replacements: { network, engines } }) => (engine ? engines.get(engine.rank)! : network));

    const network = createNetwork({ plan, session }, wantedSubnet(plan, opened), generation());
    const subnet = subnetOf(plan, network);
    const address = (engine: PlannedEngine) => subnet.apply((known) => addressOf(known, engine.rank));

    const masterAddress = address(plan.master);
    const create = (engine: PlannedEngine, place: Wiring, of?: docker.Container) =>
        createEngine({ plan, session }, engine, { network, place, token: generation(engine), master: of });
    const master = create(plan.master, { ip: masterAddress, masterIp: masterAddress });
    const masterIp = addressIn(master, masterAddress);
    const masterSeen = attend(observer, plan.master, master);
    const ready = masterSeen.apply((seen) => observer.untilMasterListens(seen()));

    const workerPlace = {
        masterIp: pulumi.all([masterIp, ready]).apply(([ip]) => ip),
        masterId: master.id.apply(shortId),
    };
    const workers = workersOf(plan).map((engine) => {
        const place = { ...workerPlace, ip: address(engine) };
        return attend(observer, engine, create(engine, place, master));
    });

    const engines = observe(plan, observer, opened, subnet, masterSeen, workers);
    return {
        masterIp,
        master: engines.apply((all) => all[0]!),
        workers: engines.apply((all) => all.slice(1)),
        network: network.name,
        endpoints: masterIp.apply((ip) => endpointsOf(plan, ip)),
    };
};

/** Looks at the host, before anything is created. */
function openHost(plan: Plan, observer: DockerObserver, session: pulumi.Resource): pulumi.Output<OpenedHost> {
    const groups = plan.groups.filter(({ count }) => count > 0);
    const demands = [{ template: plan.master.template, count: 1 }, ...groups].map(demandOf);
    return pulumi
        .all([hostSettingsOf(session), pulumi.unsecret(pulumi.all(demands))])
        .apply(([settings, known]) => observer.open(settings, known));
}

/** The subnet for the network, which waits until the host was looked at. */
function wantedSubnet(plan: Plan, opened: pulumi.Output<OpenedHost>): pulumi.Output<Subnet> {
    const asked = plan.docker.subnet;
    // An image that the same program builds is unknown in a preview, and so is what waits for it; a subnet that was asked for is not.
    return pulumi.runtime.isDryRun() && asked !== undefined
        ? pulumi.output(parseSubnet(asked)!)
        : opened.apply(({ subnet }) => subnet);
}

/** What engines like this one ask of the host together. */
function demandOf({ template, count }: Pick<WorkerGroup, "template" | "count">): pulumi.Output<ResourceDemand> {
    const { path, image, program, cpu, memory } = template;
    return pulumi.output({ path, image, program, cpu, memory, count });
}

/** A function, because an output would look into the resource that it holds. */
type Seen = pulumi.Output<() => CreatedEngine>;

/** Sees to an engine as soon as it is created. */
function attend(observer: DockerObserver, engine: PlannedEngine, container: docker.Container): Seen {
    return pulumi.all([container.id, container.urn]).apply(async ([id, urn]) => {
        const created = { engine, resource: container, id, urn };
        await observer.attend(created);
        return () => created;
    });
}

/** How the engines are doing, once they are as the plan wants them. */
function observe(
    plan: Plan,
    observer: DockerObserver,
    opened: pulumi.Output<unknown>,
    subnet: pulumi.Output<Subnet>,
    master: Seen,
    workers: Seen[],
): pulumi.Output<Engine[]> {
    const planned = [plan.master, ...workersOf(plan)];
    return pulumi.all([subnet, master, pulumi.all(workers), opened]).apply(async ([known, first, others]) => {
        const seen = await observer.untilSettled(
            first(),
            others.map((each) => each()),
        );
        return seen.map((engine, index) => ({ ...engine, ip: addressOf(known, planned[index]!.rank) }));
    });
}

/** The address that an engine was given: an output of its own, so that what uses it waits for the engine. */
function addressIn(container: docker.Container, asked: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi
        .all([container.networksAdvanced, asked])
        .apply(([networks, known]) => networks?.[0]?.ipv4Address ?? known);
}

/** The form of a container's id that the container itself knows: its host name. */
function shortId(id: string): string {
    return id.slice(0, 12);
}

function endpointsOf(plan: Plan, ip: string): Endpoint[] {
    return plan.master.ports.map((port) => {
        const published = plan.docker.publish.find((each) => each.port === port);
        const host = published && {
            published: formatEndpoint(published.hostIp, published.hostPort),
        };
        return { port, address: formatEndpoint(ip, port), ...host };
    });
}
