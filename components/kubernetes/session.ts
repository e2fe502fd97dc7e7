import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CreateSession } from "../backend";
import { CreatedEngine } from "../observing/runtime";
import { Endpoint, Engine } from "../model/outputs";
import { SessionContext } from "../model/context";
import { Plan, PlannedEngine, workersIn } from "../model/plan";
import { clusterSettingsOf } from "./runtime/cluster";
import { createFiles, createMaster, createSecret, createWorker, filesName } from "./resources/engines";
import { ownAddressValue } from "./resources/environment";
import { createIndexedJob, createWorkerJob } from "./resources/jobs";
import { createNamespace, createPolicy, createService } from "./resources/network";
import { OwnedContext, ownershipOf } from "./resources/ownership";
import { KubernetesObserver, observerOf } from "./runtime/observer";
import { WorkerKind } from "./options";
import { makesJobs } from "./workerKind";
import { EngineContext } from "./resources/pod";
import { rankKey } from "./runtime/podIdentity";
import { reachedCluster } from "./runtime/cluster";
import { ClusterReplacements } from "./runtime/replacements";
/** A session on a Kubernetes cluster: first everything is declared, then it is observed. */
export const createKubernetesSession: CreateSession = (plan, session) => {
    const base: SessionContext = { plan, session };
    const observer = observerOf(plan, session);
    const reached = reachedCluster(plan, session);
    const namespace = createNamespace(base, reached);
    const service = createService(base, namespace?.metadata.name ?? plan.kubernetes.namespace, reached);
    const opened = openCluster(plan, observer, service, session);
    const ownership = ownershipOf(
        service,
        opened.apply(({ network }) => network),
    );
    const context: OwnedContext = { ...base, ownership };
    const policy = createPolicy(context);
    const filesGeneration = opened.apply(({ replacements }) => replacements.files);
    const files = createFiles(context, filesGeneration);
    files?.id.apply((id) => observer.attendFiles(nameIn(id)));
    const needed = [policy, ...(files === undefined ? [] : [files])];
    const generation = (engine: PlannedEngine) => opened.apply(({ replacements }) => replacements.tokenOf(engine));
    const surround = surroundingsOf(context, needed, generation);

    const masterPlace = { ip: ownAddressValue, masterIp: ownAddressValue };
    const master = createMaster(context, surround(plan.master, masterPlace));
    const masterSeen = attend(observer, plan.master, master);
    const masterIp = addressIn(observer, master, masterSeen);

    const workerPlace = { ip: ownAddressValue, masterIp, masterId: master.id.apply(nameIn) };
    const workers = createWorkers(context, observer, (worker) => ({
        ...surround(worker, workerPlace),
        master,
    }));

    const engines = observe(observer, masterIp, masterSeen, workers);
    return {
        masterIp,
        master: engines.apply((all) => all[0]!),
        workers: engines.apply((all) => all.slice(1)),
        network: ownership.network,
        endpoints: masterIp.apply((ip) => endpointsOf(plan, ip)),
    };
};

/** What is known once the cluster was looked at. */
interface OpenedCluster {
    /** The Service's name. */
    network: string;
    replacements: ClusterReplacements;
}

/** Looks at the cluster. Nothing but the Service, whose name tells what is the session's, is created before. */
function openCluster(
    plan: Plan,
    observer: KubernetesObserver,
    service: kubernetes.core.v1.Service,
    session: pulumi.Resource,
): pulumi.Output<OpenedCluster> {
    const { name, namespace } = service.metadata;
    // A preview tells the name of a Service that is still to be created, but no id: nothing is there to look at.
    return pulumi
        .all([clusterSettingsOf(plan, session), namespace, name, service.id])
        .apply(async ([settings, inNamespace, network]) => {
            const replacements = await observer.open({ settings, namespace: inNamespace, network });
            return { network, replacements };
        });
}

/** What an engine is given by the session; the Secret of a role is made when its first engine needs it. */
function surroundingsOf(
    context: OwnedContext,
    dependsOn: pulumi.Resource[],
    generation: (engine: PlannedEngine) => pulumi.Output<string>,
) {
    const secrets = new Map<string, kubernetes.core.v1.Secret | undefined>();
    return (engine: PlannedEngine, place: EngineContext["place"]): EngineContext => {
        const { template } = engine;
        const { role } = template;
        if (!secrets.has(role)) {
            secrets.set(role, createSecret(context, template));
        }
        return {
            place,
            dependsOn,
            token: generation(engine),
            files: filesName(context.ownership),
            secret: secrets.get(role)?.metadata.name,
        };
    };
}

/** A function, because an output would look into the resource that it holds. */
type Seen = pulumi.Output<() => CreatedEngine[]>;

function createWorkers(
    context: OwnedContext,
    observer: KubernetesObserver,
    surround: (worker: PlannedEngine) => EngineContext,
): Seen[] {
    const { plan } = context;
    const group = plan.groups[0]!;
    const workers = workersIn(plan, group);
    if (plan.kubernetes.workers !== WorkerKind.IndexedJob) {
        return workers.map((worker) => {
            const create = makesJobs(plan, worker.template) ? createWorkerJob : createWorker;
            return attend(observer, worker, create(context, worker, surround(worker)));
        });
    }
    if (workers.length === 0) {
        return [];
    }
    const job = createIndexedJob(context, group, surround(workers[0]!));
    return [attendJob(observer, workers, job)];
}

/** Sees to an engine as soon as it is created. */
function attend(
    observer: KubernetesObserver,
    engine: PlannedEngine,
    resource: kubernetes.core.v1.Pod | kubernetes.batch.v1.Job,
): Seen {
    return pulumi.all([resource.id, resource.urn]).apply(async ([providerId, urn]) => {
        const name = nameIn(providerId);
        // A Job gives its Pods names of its own.
        const id = resource instanceof kubernetes.batch.v1.Job ? rankKey(name, engine.rank) : name;
        const created = { engine, resource, id, urn };
        await observer.attend(created);
        return () => [created];
    });
}

/** Sees to a Job as soon as it is created, and to each of its workers. */
function attendJob(observer: KubernetesObserver, workers: PlannedEngine[], job: kubernetes.batch.v1.Job): Seen {
    return pulumi.all([job.id, job.urn]).apply(async ([id, urn]) => {
        const name = nameIn(id);
        await observer.scale(name, urn);
        const created = workers.map((engine) => {
            return { engine, resource: job, id: rankKey(name, engine.rank), urn, isOneOfMany: true };
        });
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

/** The provider's id of an object is `namespace/name`. */
function nameIn(id: string): string {
    return id.slice(id.lastIndexOf("/") + 1);
}

function endpointsOf(plan: Plan, ip: string): Endpoint[] {
    return plan.master.ports.map((port) => ({ port, address: `${ip}:${port}` }));
}
