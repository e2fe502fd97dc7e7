import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Declared, Ground } from "../backend";
import { IdentifiedContext } from "../model/context";
import { EngineTemplate, PlannedEngine, WorkerGroup, workersIn } from "../model/plan";
import { WorkerKind } from "./options";
import { createFiles, createMaster, createSecret, createWorker, filesName } from "./resources/engines";
import { ownAddressValue } from "./resources/environment";
import { createIndexedJob, createWorkerJob } from "./resources/jobs";
import { createNamespace, createPolicy, createService } from "./resources/network";
import { createAccessPolicy, createPublishedService, publishedPlaces } from "./resources/published";
import { OwnedContext, ownershipOf } from "./resources/ownership";
import { EngineContext } from "./resources/pod";
import { createClaim } from "./resources/sharedFolder";
import { clusterSettingsOf, reachedCluster } from "./runtime/client/cluster";
import { readEnvSources } from "./runtime/envSources";
import { Location } from "./runtime/opening";
import { nameIn, rankKey } from "./runtime/podIdentity";
import { ClusterFindings } from "./runtime/podRuntime";
import { ClusterReplacements } from "./runtime/replacements";
import { makesJobs } from "./workerKind";

/** The Service comes first, because its name says what is the session's; the cluster is inspected before anything else is created. */
export function declareGround(
    base: IdentifiedContext,
    inspect: (location: pulumi.Output<Location>) => pulumi.Output<ClusterFindings>,
): Ground {
    const { plan } = base;
    const reached = reachedCluster(base);
    const namespace = createNamespace(base, reached);
    const service = createService(base, namespace?.metadata.name ?? plan.kubernetes.namespace, reached);
    const findings = inspect(locationOf(base, service));
    const network = findings.apply((found) => found.network);
    const context: OwnedContext = { ...base, ownership: ownershipOf(service, network) };
    const replacements = findings.apply((found) => found.replacements);
    const policy = createPolicy(
        context,
        replacements.apply((each) => each.policy),
    );
    const published = createPublishedService(
        context,
        replacements.apply((each) => each.published),
    );
    createAccessPolicy(
        context,
        replacements.apply((each) => each.access),
    );
    const filesToken = replacements.apply(({ files }) => files);
    const shared = [createFiles(context, filesToken)].filter((files) => files !== undefined);
    const claim = createClaim(context)?.metadata.name;
    const inContext = engineContexts(context, [policy, ...shared], replacements);
    const contextOf: typeof inContext = (engine, place) => ({ ...inContext(engine, place), claim });
    return {
        inspected: network,
        network: context.ownership.network,
        shared,
        declareMaster: () => {
            const place = { ip: ownAddressValue, masterIp: ownAddressValue };
            const master = createMaster(context, contextOf(plan.master, place));
            return { ...declared(plan.master, master), ip: master.status.apply((status) => status?.podIP) };
        },
        declareWorkers: (group, { ip: masterIp, resource: master }) => {
            const place = { ip: ownAddressValue, masterIp, masterId: master.id.apply(nameIn) };
            return declareWorkers(context, group, (worker) => ({ ...contextOf(worker, place), master }));
        },
        publishedPlaces: ({ resource }) =>
            published === undefined
                ? pulumi.output([])
                : publishedPlaces(plan, published, resource as kubernetes.core.v1.Pod),
    };
}

/** Where the session is. A preview knows the name of a Service that is still to be created, but no id: nothing is there to inspect. */
function locationOf(context: IdentifiedContext, service: kubernetes.core.v1.Service): pulumi.Output<Location> {
    const { plan, session, identity } = context;
    const { name: network, namespace } = service.metadata;
    const settings = clusterSettingsOf(plan, session);
    // Without an id too: a preview then looks for what engines need as well.
    const secrets = readEnvSources(context, settings, namespace);
    return pulumi
        .all([settings, namespace, network, identity.uid, secrets, service.id])
        .apply(([known, inNamespace, name, uid, values]) => ({
            settings: known,
            namespace: inNamespace,
            network: name,
            uid,
            secrets: values,
        }));
}

/** What an engine is given by the session; the Secret of a group is created when its first engine needs it. */
function engineContexts(
    context: OwnedContext,
    dependsOn: pulumi.Resource[],
    replacements: pulumi.Output<ClusterReplacements>,
): (engine: PlannedEngine, place: EngineContext["place"]) => EngineContext {
    const secrets = new Map<EngineTemplate, kubernetes.core.v1.Secret | undefined>();
    return (engine, place) => {
        const { template } = engine;
        if (!secrets.has(template)) {
            const secretToken = replacements.apply((each) => each.secretOf(template));
            secrets.set(template, createSecret(context, template, secretToken));
        }
        return {
            place,
            dependsOn,
            token: replacements.apply((each) => each.tokenOf(engine)),
            files: filesName(context.ownership),
            secret: secrets.get(template)?.metadata.name,
        };
    };
}

function declareWorkers(
    context: OwnedContext,
    group: WorkerGroup,
    contextOf: (worker: PlannedEngine) => EngineContext,
): Declared[] {
    const { plan } = context;
    const workers = workersIn(plan, group);
    if (plan.kubernetes.workers !== WorkerKind.IndexedJob) {
        const create = makesJobs(plan, group.template) ? createWorkerJob : createWorker;
        return workers.map((worker) => declared(worker, create(context, worker, contextOf(worker))));
    }
    if (workers.length === 0) {
        return [];
    }
    const job = createIndexedJob(context, group, contextOf(workers[0]!));
    return [{ resource: job, engines: workers.map(inJob), isGroup: true }];
}

/** An engine that has a Pod of its own, or a Job that creates its Pods. */
function declared(engine: PlannedEngine, resource: kubernetes.core.v1.Pod | kubernetes.batch.v1.Job): Declared {
    const isJob = resource instanceof kubernetes.batch.v1.Job;
    return { resource, engines: [isJob ? inJob(engine) : { engine, keyIn: nameIn }] };
}

/** A Job gives its Pods names of its own. */
function inJob(engine: PlannedEngine): Declared["engines"][number] {
    return { engine, keyIn: (id) => rankKey(nameIn(id), engine.rank) };
}
