import { Problem, show } from "../model/errors";
import { Egress, KubernetesOptions, PodOptions, ProjectVolume, WorkerKind } from "./options";
import { Project } from "../model/projectFiles";
import * as is from "../validation/checks";

const kubernetesProperties = [
    "namespace",
    "createNamespace",
    "kubeconfig",
    "context",
    "workers",
    "scheduleTimeoutSeconds",
    "egress",
    "clusterDomain",
    "projectVolume",
    "pods",
    "masterPod",
    "workerPods",
];
const volumeProperties = ["claimName", "subPath", "readOnly"];
/** What may come from another resource, and is then checked by the cluster. */
const mayComeLater = [
    "namespace",
    "kubeconfig",
    "context",
    "clusterDomain",
    "claimName",
    "priorityClassName",
    "serviceAccountName",
    "runtimeClassName",
    "schedulerName",
];
const requestProperties = ["cpu", "memory"];
const pullPolicies = ["Always", "IfNotPresent", "Never"];
/** The API server takes no larger ConfigMap. */
const mostBytes = 2 ** 20;

const userNumber = is.number({
    least: 0,
    most: 2 ** 31 - 1,
    whole: true,
    allowed: "a whole number from 0 to 2147483647",
});

/** What the properties of a Pod's options must be. */
const podChecks: Record<keyof PodOptions, is.Check> = {
    labels: is.labels,
    annotations: is.annotations,
    nodeSelector: is.labels,
    tolerations: is.list,
    affinity: is.object,
    topologySpreadConstraints: is.list,
    priorityClassName: is.text,
    serviceAccountName: is.text,
    serviceAccountToken: is.boolean,
    imagePullSecrets: is.list,
    imagePullPolicy: is.oneOf(pullPolicies),
    runtimeClassName: is.text,
    schedulerName: is.text,
    requests: validateRequests,
    sharedMemory: is.number({
        least: 1 / 1024,
        most: 1_000_000,
        allowed: "a number of GiB from 1/1024 (1 MiB) to 1000000",
    }),
    runAsUser: userNumber,
    runAsGroup: userNumber,
    fsGroup: userNumber,
    runAsNonRoot: is.boolean,
};

/** What is wrong with the settings of the Kubernetes backend. */
export function validateKubernetes(options: KubernetesOptions): Problem[] {
    if (is.object("kubernetes", options).length > 0) {
        return is.object("kubernetes", options);
    }
    const checks: Partial<Record<keyof KubernetesOptions, is.Check>> = {
        namespace: is.namespaceName,
        createNamespace: is.boolean,
        kubeconfig: is.text,
        context: is.text,
        workers: is.oneOf(Object.values(WorkerKind)),
        scheduleTimeoutSeconds: is.seconds,
        egress: is.oneOf(Object.values(Egress)),
        clusterDomain: is.resourceName,
        projectVolume: validateVolume,
        pods: validatePods,
        masterPod: validatePods,
        workerPods: validatePods,
    };
    return [
        ...is.known(kubernetesProperties)("kubernetes", options),
        ...checkEach("kubernetes", options as Record<string, unknown>, checks),
    ];
}

/** What keeps the project's files from being carried by a ConfigMap. */
export function validateConfigMap(
    options: KubernetesOptions | undefined,
    given: unknown,
    project: Project | undefined,
): Problem[] {
    if (project === undefined || project.problem !== undefined) {
        return [];
    }
    if (options?.projectVolume !== undefined) {
        const reason = `${show(given)} is given together with kubernetes.projectVolume; the volume has the project's files, so remove one of them`;
        return [{ path: "project", reason }];
    }
    const wayOut =
        "name what engines do not need in .dockerignore, put it into the image, or give a volume with the files as kubernetes.projectVolume";
    const bytes = project.files.reduce((sum, { size }) => sum + size, 0);
    const tooLarge =
        bytes > mostBytes
            ? [
                  {
                      path: "project",
                      reason: `${show(given)}: the folder holds ${sayKib(bytes)}, and a ConfigMap carries ${sayKib(mostBytes)}; ${wayOut}`,
                  },
              ]
            : [];
    const unnameable = project.files
        .filter(({ path }) => path.includes(":"))
        .map(({ path }) => ({
            path: "project",
            reason: `${show(path)} has a colon in its name, which no mount on Kubernetes may have; rename it, or ${wayOut}`,
        }));
    return [...tooLarge, ...unnameable];
}

function sayKib(bytes: number): string {
    return `${Math.ceil(bytes / 1024)} KiB`;
}

function validateVolume(path: string, volume: unknown): Problem[] {
    if (is.object(path, volume).length > 0) {
        return is.object(path, volume);
    }
    const { claimName } = volume as ProjectVolume;
    const checks = { claimName: is.resourceName, subPath: is.text, readOnly: is.boolean };
    return [
        ...is.known(volumeProperties)(path, volume),
        ...(claimName === undefined ? is.resourceName(`${path}.claimName`, claimName) : []),
        ...checkEach(path, volume as Record<string, unknown>, checks),
    ];
}

function validatePods(path: string, options: unknown): Problem[] {
    if (is.object(path, options).length > 0) {
        return is.object(path, options);
    }
    return [
        ...is.known(Object.keys(podChecks))(path, options),
        ...checkEach(path, options as Record<string, unknown>, podChecks),
    ];
}

function validateRequests(path: string, requests: unknown): Problem[] {
    if (is.object(path, requests).length > 0) {
        return is.object(path, requests);
    }
    const cpu = is.number({ least: 0.001, most: 10_000, allowed: "a number of cores from 0.001 to 10000" });
    const memory = is.number({
        least: 1 / 1024,
        most: 1_000_000,
        allowed: "a number of GiB from 1/1024 (1 MiB) to 1000000",
    });
    return [
        ...is.known(requestProperties)(path, requests),
        ...checkEach(path, requests as Record<string, unknown>, { cpu, memory }),
    ];
}

/** Checks the properties that are given. */
function checkEach(path: string, values: Record<string, unknown>, checks: Record<string, is.Check>): Problem[] {
    return Object.entries(checks).flatMap(([property, check]) => {
        const inItsTime = mayComeLater.includes(property) ? is.given : is.plain;
        return inItsTime(check, `${path}.${property}`, values[property]);
    });
}
