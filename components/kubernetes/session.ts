import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CreateSession } from "../backend";
import { CreatedEngine } from "../observing/watch";
import { Endpoint, Engine } from "../outputs";
import { Plan, PlannedEngine, workersOf } from "../plan";
import { clusterSettingsOf } from "./cluster";
import { createFiles, createMaster, createSecret, createWorker, filesName } from "./engines";
import { ownAddressValue } from "./environment";
import { createIndexedJob } from "./indexedJob";
import { rankKey } from "./livePods";
import { Ownership, createNamespace, createPolicy, createService, ownershipOf } from "./network";
import { KubernetesObserver, observerOf } from "./observer";
import { WorkerKind } from "./options";
import { Surroundings } from "./pod";
import { reachedCluster } from "./reach";

/** A session on a Kubernetes cluster: first everything is declared, then it is observed. */
export const createKubernetesSession: CreateSession = (plan, session) => {
    const observer = observerOf(plan, session);
    const reached = reachedCluster(plan, session);
    const namespace = createNamespace(plan, reached, session);
    const service = createService(plan, namespace?.metadata.name ?? plan.kubernetes.namespace, reached, session);
    const ownership = ownershipOf(service, openedNetwork(plan, observer, service, session));
    const policy = createPolicy(plan, ownership, session);
    const files = createFiles(plan, ownership, session);
    const needed = [policy, ...(files === undefined ? [] : [files])];
    const surround = surroundingsOf(plan, ownership, session);

    const masterPlace = { ip: ownAddressValue, masterIp: ownAddressValue };
    const master = createMaster(plan, ownership, surround(plan.master, masterPlace), needed, session);
    const masterSeen = attend(observer, plan.master, master);
    const masterIp = addressIn(observer, master, masterSeen);

    const workerPlace = { ip: ownAddressValue, masterIp, masterId: master.id.apply(podName) };
    const workers = createWorkers(
        plan,
        observer,
        ownership,
        (worker) => surround(worker, workerPlace),
        needed,
        session,
    );

    const engines = observe(observer, masterIp, masterSeen, workers);
    return {
        masterIp,
        master: engines.apply((all) => all[0]!),
        workers: engines.apply((all) => all.slice(1)),
        network: ownership.network,
        endpoints: masterIp.apply((ip) => endpointsOf(plan, ip)),
    };
};

/** The Service's name, told when the cluster was looked at: nothing but the Service is created before. */
function openedNetwork(
    plan: Plan,
    observer: KubernetesObserver,
    service: kubernetes.core.v1.Service,
    session: pulumi.Resource,
): pulumi.Output<string> {
    const { name, namespace } = service.metadata;
    return pulumi
        .all([clusterSettingsOf(plan, session), namespace, name])
        .apply(async ([settings, inNamespace, network]) => {
            await observer.open(settings, inNamespace, network);
            return network;
        });
}

/** What an engine is given by the session; the Secret of a role is made when its first engine needs it. */
function surroundingsOf(plan: Plan, ownership: Ownership, session: pulumi.Resource) {
    const secrets = new Map<string, kubernetes.core.v1.Secret | undefined>();
    return (engine: PlannedEngine, place: Surroundings["place"]): Surroundings => {
        const { role } = engine.environment;
        if (!secrets.has(role)) {
            secrets.set(role, createSecret(plan, engine, ownership, session));
        }
        const { network, namespace } = ownership;
        return { place, network, namespace, files: filesName(ownership), secret: secrets.get(role)?.metadata.name };
    };
}

/** A function, because an output would look into the resource that it holds. */
type Seen = pulumi.Output<() => CreatedEngine[]>;

function createWorkers(
    plan: Plan,
    observer: KubernetesObserver,
    ownership: Ownership,
    surround: (worker: PlannedEngine) => Surroundings,
    needed: pulumi.Resource[],
    session: pulumi.Resource,
): Seen[] {
    const workers = workersOf(plan);
    if (plan.kubernetes.workers !== WorkerKind.IndexedJob) {
        return workers.map((worker) =>
            attend(observer, worker, createWorker(plan, worker, ownership, surround(worker), needed, session)),
        );
    }
    if (workers.length === 0) {
        return [];
    }
    const job = createIndexedJob(plan, workers, ownership, surround(workers[0]!), needed, session);
    return [attendJob(observer, workers, job)];
}

/** Sees to an engine as soon as it is created. */
function attend(observer: KubernetesObserver, engine: PlannedEngine, pod: kubernetes.core.v1.Pod): Seen {
    return pulumi.all([pod.id, pod.urn]).apply(async ([id, urn]) => {
        const created = { engine, resource: pod, id: podName(id), urn };
        await observer.attend(created);
        return () => [created];
    });
}

/** Sees to a Job as soon as it is created, and to each of its workers. */
function attendJob(observer: KubernetesObserver, workers: PlannedEngine[], job: kubernetes.batch.v1.Job): Seen {
    return pulumi.all([job.id, job.urn]).apply(async ([id, urn]) => {
        await observer.scale(podName(id), urn);
        const created = workers.map((engine) => ({ engine, resource: job, id: rankKey(engine.rank), urn }));
        await Promise.all(created.map((each) => observer.attend(each)));
        return () => created;
    });
}

/**
 * The master's address, once it listens. It is an output of the master's Pod, so that the engine knows who depends on whom; where the
 * program sees the Pod, the address is the one that it has now, and not the one that it had at the last refresh.
 */
function addressIn(observer: KubernetesObserver, master: kubernetes.core.v1.Pod, seen: Seen): pulumi.Output<string> {
    return pulumi.all([master.status, seen]).apply(async ([status, created]) => {
        const [engine] = created();
        await observer.untilMasterListens(engine!);
        return (await observer.addressOf(engine!)) ?? status?.podIP ?? "";
    });
}

/** How the engines are doing, once they are as the plan wants them. */
function observe(
    observer: KubernetesObserver,
    masterIp: pulumi.Output<string>,
    master: Seen,
    workers: Seen[],
): pulumi.Output<Engine[]> {
    return pulumi.all([masterIp, master, pulumi.all(workers)]).apply(async ([ip, first, others]) => {
        const seen = await observer.untilSettled(
            first()[0]!,
            others.flatMap((each) => each()),
        );
        return seen.map((engine, index) => ({ ...engine, ip: engine.ip ?? (index === 0 ? ip : "") }));
    });
}

/** The provider's id of a Pod is `namespace/name`. */
function podName(id: string): string {
    return id.slice(id.lastIndexOf("/") + 1);
}

function endpointsOf(plan: Plan, ip: string): Endpoint[] {
    return plan.master.ports.map((port) => ({ port, address: `${ip}:${port}` }));
}
