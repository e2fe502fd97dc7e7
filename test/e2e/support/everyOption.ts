import * as pulumi from "@pulumi/pulumi";
import { EngineSpec, KubernetesOptions, PodOptions } from "../../../components";

/** The ServiceAccount and the RuntimeClass that `everyPodOption` names: the API server asks whether they are there. */
export const neededByEveryOption = { serviceAccount: "engines", runtimeClass: "distributed-session-test" };

/** Every option of a Pod: one that is new has to come here, or this is no program. */
export const everyPodOption: Required<PodOptions> = {
    labels: { "kueue.x-k8s.io/queue-name": pulumi.output("research") },
    annotations: { "scheduling.k8s.io/group-name": "group" },
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    affinity: {
        podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
                {
                    weight: 100,
                    podAffinityTerm: {
                        topologyKey: "kubernetes.io/hostname",
                        labelSelector: { matchLabels: { "distributed-session.role": "worker" } },
                    },
                },
            ],
        },
    },
    topologySpreadConstraints: [
        {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { "distributed-session.role": "worker" } },
        },
    ],
    priorityClassName: "system-cluster-critical",
    serviceAccountName: neededByEveryOption.serviceAccount,
    serviceAccountToken: true,
    imagePullSecrets: [pulumi.output("registry")],
    imagePullPolicy: "Always",
    runtimeClassName: neededByEveryOption.runtimeClass,
    schedulerName: "volcano",
    requests: { cpu: 0.001, memory: 1 / 1024 },
    sharedMemory: 1.5,
    runAsUser: 1000,
    runAsGroup: 1000,
    fsGroup: 1000,
    runAsNonRoot: true,
};

/** Every option of the backend, but for what the workers are and for a namespace, which decide how a session is made as a whole. */
export const everyOption: Required<Omit<KubernetesOptions, "workers" | "namespace" | "createNamespace">> = {
    kubeconfig: "apiVersion: v1\nkind: Config\n",
    context: "some",
    scheduleTimeoutSeconds: 600,
    serviceType: "LoadBalancer",
    access: [
        { podLabels: { "app.kubernetes.io/name": "notebook" }, namespaceLabels: { team: pulumi.output("research") } },
        { cidr: pulumi.output("192.168.7.0/24") },
    ],
    clusterDomain: pulumi.output("k8s.example.com"),
    projectVolume: { claimName: pulumi.output("data"), subPath: "project", readOnly: true },
    envFrom: [{ secretName: pulumi.output("token"), prefix: "TOKEN_" }, { configMapName: "settings" }],
    sharedClaim: { size: 0.5, storageClassName: pulumi.output("nfs"), accessMode: "ReadWriteOnce" },
    pods: everyPodOption,
    masterPod: { labels: { of: "master" } },
    workerPods: { labels: { of: "workers" } },
};

/** Every option of an engine, but for those of which it has only one. */
export const everyEngineOption: Required<Omit<EngineSpec, "script" | "code" | "kernel" | "image">> = {
    command: ["sh", "-c", pulumi.output("echo $(date) $HOME $$")],
    env: { PLAIN: "$(RANK) $$", LATER: pulumi.output("later"), SECRET: pulumi.secret("secret") },
    cpu: pulumi.output(0.25),
    memory: 1.5,
    disk: pulumi.output(2),
    nvidiaGpu: 2,
    stopSeconds: 7,
    workingDir: "/tmp",
};
