import { DistributedSessionArgs, EngineSpec, Wait, WorkersSpec } from "../model/args";
import { Problem, hide, show } from "../model/errors";
import { Project } from "../project/project";
import { ownsVolume } from "../mounts";
import { Check, Moved, object, objectOf, optional, optionalLater, later } from "../validation/checkObject";
import * as is from "../validation/checks";
import { CrossCheck } from "../validation/crossCheck";
import { enginePlaces, workerPlaces } from "../validation/enginePlaces";
import { access, publishChecks } from "./accessChecks";
import { CompleteKubernetes } from "./defaults";
import { envFrom } from "./envSourceChecks";
import { annotations, labels, namespaceName } from "./labelChecks";
import {
    KubernetesOptions,
    PodOptions,
    ProjectVolume,
    ResourceRequests,
    ServiceType,
    SharedClaim,
    WorkerKind,
} from "./options";

const accessModes = ["ReadWriteMany", "ReadWriteOnce"];
const pullPolicies = ["Always", "IfNotPresent", "Never"];
/** The API server takes no larger ConfigMap. */
const mostBytes = 2 ** 20;

const userNumber = optional(
    is.number({ least: 0, most: 2 ** 31 - 1, whole: true, expected: "a whole number from 0 to 2147483647" }),
);
const gib = optional(
    is.number({ least: 1 / 1024, most: 1_000_000, expected: "a number of GiB from 1/1024 (1 MiB) to 1000000" }),
);

const requestChecks = {
    cpu: optional(is.number({ least: 0.001, most: 10_000, expected: "a number of cores from 0.001 to 10000" })),
    memory: gib,
} satisfies Record<keyof ResourceRequests, Check>;

const podChecks = {
    labels: optional(labels),
    annotations: optional(annotations),
    nodeSelector: optional(labels),
    tolerations: optional(is.list),
    affinity: optional(object),
    topologySpreadConstraints: optional(is.list),
    priorityClassName: optionalLater(is.text),
    serviceAccountName: optionalLater(is.text),
    serviceAccountToken: optional(is.boolean),
    imagePullSecrets: optional(is.list),
    imagePullPolicy: optional(is.oneOf(pullPolicies)),
    runtimeClassName: optionalLater(is.text),
    schedulerName: optionalLater(is.text),
    requests: optional(objectOf(requestChecks)),
    sharedMemory: gib,
    runAsUser: userNumber,
    runAsGroup: userNumber,
    fsGroup: userNumber,
    runAsNonRoot: optional(is.boolean),
} satisfies Record<keyof PodOptions, Check>;

const volumeChecks = {
    claimName: later(is.resourceName),
    subPath: optional(is.text),
    readOnly: optional(is.boolean),
} satisfies Record<keyof ProjectVolume, Check>;

const claimChecks = {
    size: gib,
    storageClassName: optionalLater(is.resourceName),
    accessMode: optional(is.oneOf(accessModes)),
} satisfies Record<keyof SharedClaim, Check>;

/** What the options of the Kubernetes backend must be. */
export const kubernetesChecks = {
    namespace: optionalLater(namespaceName),
    createNamespace: optional(is.boolean),
    // It holds credentials.
    kubeconfig: optionalLater((path, value) => is.text(path, value, hide)),
    context: optionalLater(is.text),
    workers: optional(is.oneOf(Object.values(WorkerKind))),
    scheduleTimeoutSeconds: optional(is.seconds),
    serviceType: optional(is.oneOf(Object.values(ServiceType))),
    access,
    clusterDomain: optionalLater(is.resourceName),
    projectVolume: optional(objectOf(volumeChecks)),
    envFrom,
    sharedClaim: optional(objectOf(claimChecks)),
    pods: optional(objectOf(podChecks)),
    masterPod: optional(objectOf(podChecks)),
    workerPods: optional(objectOf(podChecks)),
} satisfies Record<keyof KubernetesOptions, Check>;

/** What was an option of Kubernetes alone. */
export const movedFromKubernetes: Moved = { egress: "egress, an argument of the session on each backend" };

/** What the options must be beside each other and the other arguments. */
export function kubernetesCrossChecks(
    options: CompleteKubernetes,
    args: DistributedSessionArgs,
    project: Project | undefined,
): CrossCheck[] {
    return [
        ...enginePlaces<EngineSpec>(args).flatMap(({ path, spec }) =>
            (["cpu", "memory"] as const).map((property) => ({
                reads: ["kubernetes", `${path}.${property}`],
                problemsOf: () => validateRequests(options, { path, property, limit: spec[property] }),
            })),
        ),
        ...workerPlaces<WorkersSpec>(args).flatMap(({ path, spec }) => [
            { reads: ["wait", `${path}.restart`], problemsOf: () => validateRestart(args.wait, path, spec) },
            {
                reads: [`${path}.restart`, "kubernetes.workers"],
                problemsOf: () => validateAlways(options, path, spec),
            },
            {
                reads: ["maxSeconds", "wait", `${path}.restart`, "kubernetes.workers"],
                problemsOf: () => validateLifetime(options, args, path, spec),
            },
        ]),
        { reads: ["shared", "kubernetes.sharedClaim"], problemsOf: () => validateClaim(options, args) },
        {
            reads: ["project", "kubernetes.projectVolume"],
            problemsOf: () => validateConfigMap(options, args.project, project),
        },
        ...publishChecks(options, args.publish ?? []),
    ];
}

/** Only a Job counts restarts, and it would start again what ends with the master. */
function validateRestart(wait: Wait | undefined, path: string, { restart }: WorkersSpec): Problem[] {
    const attempts = restart?.attempts ?? 0;
    const reason = `${show(attempts)} is not 0, and with wait: "master" a worker on Kubernetes cannot be restarted; remove it, or let the library that the workers run replace them`;
    return wait === Wait.Master && attempts > 0 ? [{ path: `${path}.restart.attempts`, reason }] : [];
}

/** In a Job, a container that ends with 0 has completed: the cluster refuses a Job whose Pods are to restart then. */
function validateAlways({ workers: kind }: CompleteKubernetes, path: string, { restart }: WorkersSpec): Problem[] {
    const reason = `true cannot be given with kubernetes.workers ${show(kind)}, because a Job never restarts what ends with 0; use kubernetes.workers ${show(WorkerKind.Pods)}, or let the program end with another exit code`;
    return restart?.always && kind === WorkerKind.IndexedJob ? [{ path: `${path}.restart.always`, reason }] : [];
}

/** A Job without a limit of restarts would start another Pod for each whose time is over. */
function validateLifetime(
    { workers: kind }: CompleteKubernetes,
    { maxSeconds, wait }: DistributedSessionArgs,
    path: string,
    { restart }: WorkersSpec,
): Problem[] {
    const isEndless = kind === WorkerKind.IndexedJob && restart?.attempts === Infinity;
    const reason = `${show(maxSeconds)} cannot be given with kubernetes.workers ${show(kind)} and workers that restart without limit: the Job would start each again; limit the restarts (${path}.restart: { attempts: 0 }), use kubernetes.workers ${show(WorkerKind.Pods)}, or another wait than ${show(wait)}`;
    return maxSeconds !== undefined && isEndless ? [{ path: "maxSeconds", reason }] : [];
}

/** Options of a claim that is not created have no effect, so they are refused. */
function validateClaim({ sharedClaim }: CompleteKubernetes, { shared }: DistributedSessionArgs): Problem[] {
    const why =
        shared === undefined
            ? "there is no shared folder; give the session one (shared: {}), or remove it"
            : "shared names a volume that exists; remove one of them";
    const isUsed = sharedClaim === undefined || ownsVolume(shared);
    return isUsed
        ? []
        : [{ path: "kubernetes.sharedClaim", reason: `is for a claim of the session's own, and ${why}` }];
}

/** No request may exceed the limit: the cluster would refuse it when it has created other objects already. */
function validateRequests(
    kubernetes: CompleteKubernetes,
    { path, property, limit }: { path: string; property: keyof ResourceRequests; limit: unknown },
): Problem[] {
    const option = path === "master" ? "masterPod" : "workerPods";
    // The option of the role wins, as when it is rendered.
    const name = kubernetes[option].requests === undefined ? "pods" : option;
    const asked = kubernetes[name].requests?.[property];
    const isMore = asked !== undefined && typeof limit === "number" && asked > limit;
    const reason = `${show(asked)} is more than ${path}.${property}, which is ${show(limit)}; a request may be at most the limit`;
    return isMore ? [{ path: `kubernetes.${name}.requests.${property}`, reason }] : [];
}

/** What keeps a ConfigMap from carrying the project's files. */
function validateConfigMap(
    { projectVolume }: CompleteKubernetes,
    given: unknown,
    project: Project | undefined,
): Problem[] {
    if (project === undefined || project.problem !== undefined) {
        return [];
    }
    if (projectVolume !== undefined) {
        const reason = `${show(given)} is given together with kubernetes.projectVolume; the volume has the project's files, so remove one of them`;
        return [{ path: "project", reason }];
    }
    const remedy =
        "name what engines do not need in .dockerignore, put it into the image, or give a volume with the files as kubernetes.projectVolume";
    const bytes = project.files.reduce((sum, { size }) => sum + size, 0);
    const tooLarge = `${show(given)}: the folder holds ${formatKib(bytes)}, and a ConfigMap carries ${formatKib(mostBytes)}; ${remedy}`;
    const unnameable = project.files
        .filter(({ path }) => path.includes(":"))
        .map(({ path }) => ({
            path: "project",
            reason: `${show(path)} has a colon in its name, which no mount on Kubernetes may have; rename it, or ${remedy}`,
        }));
    return [...(bytes > mostBytes ? [{ path: "project", reason: tooLarge }] : []), ...unnameable];
}

function formatKib(bytes: number): string {
    return `${Math.ceil(bytes / 1024)} KiB`;
}
