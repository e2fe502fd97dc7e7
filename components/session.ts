import * as pulumi from "@pulumi/pulumi";
import { Backend, Declared, Ground } from "./backend";
import { IdentifiedContext } from "./model/context";
import { endpointsOf } from "./endpoints";
import { Endpoint, Engine } from "./model/outputs";
import { knownPorts } from "./model/plan";
import { Observer } from "./observing/observer";
import { observerOf } from "./observing/observers";
import { CreatedEngine } from "./observing/runtime";

/** The outputs of a session. */
export interface CreatedSession {
    masterIp: pulumi.Output<string>;
    master: pulumi.Output<Engine>;
    workers: pulumi.Output<Engine[]>;
    network: pulumi.Output<string>;
    endpoints: pulumi.Output<Endpoint[]>;
}

/** Declares the resources of a session as its children, and observes the engines. */
export type CreateSession = (context: IdentifiedContext) => CreatedSession;

/** Sessions on a backend. Resources are declared first and count as created at once; the engines are observed from the program. */
export function sessionOn<Location, Findings>(backend: Backend<Location, Findings>): CreateSession {
    return (context) => {
        const observer = observerOf(backend, context);
        const inspect = (location: pulumi.Output<Location>) => location.apply((known) => observer.inspect(known));
        const ground = backend.declareGround(context, inspect);
        ground.shared.forEach(({ id }) => id.apply((known) => observer.attendShared(known)));

        const master = ground.declareMaster();
        const attendedMaster = attend(observer, ground, master);
        const masterIp = addressOf(observer, master, attendedMaster);

        const workers = context.plan.groups.flatMap((group) =>
            ground.declareWorkers(group, { resource: master.resource, ip: masterIp }),
        );
        const attendedWorkers = workers.map((each) => attend(observer, ground, each));

        const engines = observe(observer, [master, ...workers], [attendedMaster, ...attendedWorkers], masterIp);
        return {
            masterIp,
            master: engines.apply((all) => all[0]!),
            workers: engines.apply((all) => all.slice(1)),
            network: ground.network,
            endpoints: pulumi
                .all([masterIp, ground.publishedPlaces(master)])
                .apply(([ip, places]) => endpointsOf(knownPorts(context.plan), ip, places)),
        };
    };
}

/** A thunk: an Output would unwrap the resources inside. */
type Attended = pulumi.Output<() => CreatedEngine[]>;

/** Attends to engines as soon as their resource is created. In a preview it may exist while the place is not inspected yet. */
function attend(
    observer: Observer<unknown, unknown>,
    { inspected }: Ground,
    { resource, engines, isGroup }: Declared,
): Attended {
    const { joinCheck: wanted } = engines[0]!.engine.template;
    // It may be a secret. The outputs, which wait for it, do not show it.
    const known = pulumi.unsecret(pulumi.output(wanted));
    return pulumi.all([resource.id, resource.urn, known, inspected]).apply(async ([resourceId, urn, joinCheck]) => {
        const created = engines.map(({ engine, keyIn }) => {
            return { engine, resource, id: keyIn(resourceId), urn, joinCheck, isOneOfMany: isGroup };
        });
        await observer.attend(created);
        return () => created;
    });
}

/** The master's address, once it listens. It depends on the master's resource, so that Pulumi knows which resources need the master. */
function addressOf(
    observer: Observer<unknown, unknown>,
    { ip: declaredIp }: Declared,
    attended: Attended,
): pulumi.Output<string> {
    return pulumi.all([declaredIp, attended]).apply(async ([ip, created]) => {
        const [engine] = created();
        await observer.untilMasterListens(engine!);
        return observer.addressOf(engine!, ip);
    });
}

/** The state of each engine, once all are as the session waits for: the master first, then the workers by rank. */
function observe(
    observer: Observer<unknown, unknown>,
    declared: Declared[],
    attended: Attended[],
    masterIp: pulumi.Output<string>,
): pulumi.Output<Engine[]> {
    const declaredIps = pulumi.all(declared.map(({ ip }) => ip));
    return pulumi.all([pulumi.all(attended), declaredIps, masterIp]).apply(async ([all, ips]) => {
        const engines = all.map((created) => created());
        const [master, ...workers] = engines.flat();
        const observed = await observer.untilSettled(master!, workers);
        const ipOf = engines.flatMap((created, index) => created.map(() => ips[index]));
        return observed.map((engine, index) => ({ ...engine, ip: engine.ip ?? ipOf[index] ?? "" }));
    });
}
