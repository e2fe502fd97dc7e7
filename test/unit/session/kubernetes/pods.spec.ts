import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { KubernetesOptions } from "../../../../components";
import { listeningCommand } from "../../../../components/kubernetes/listeningProbe";
import { containerIn, podSpecIn } from "../../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, find } from "../../../helpers/session";

describe("what a Pod of a session is asked to be", () => {
    it("is one container with its command, its limits, and little power", async () => {
        const master = find(await deployOnCluster({ master: { cpu: 0.5, memory: 0.25 } }), "s-master");
        const { env, ...container } = containerIn(master);
        assert.ok(env.length > 0);
        const size = { cpu: "500m", memory: "256Mi" };
        assert.deepEqual(container, {
            name: "engine",
            image: "distributed-session/engine:0.2.0",
            args: ["serve"],
            workingDir: "/home/cdsw",
            ports: [{ containerPort: 6000, protocol: "TCP" }],
            startupProbe: {
                exec: { command: listeningCommand([6000]) },
                periodSeconds: 1,
                timeoutSeconds: 5,
                failureThreshold: 2_147_483_647,
            },
            resources: { limits: size, requests: size },
            volumeMounts: [{ name: "shared-memory", mountPath: "/dev/shm" }],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            terminationMessagePolicy: "FallbackToLogsOnError",
        });
        const { containers, hostname, subdomain, dnsConfig, ...spec } = podSpecIn(master);
        assert.ok(containers && hostname && subdomain && dnsConfig);
        assert.deepEqual(spec, {
            restartPolicy: "OnFailure",
            terminationGracePeriodSeconds: 5,
            shareProcessNamespace: true,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            volumes: [{ name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } }],
        });
    });

    it("is a worker that listens on nothing, and is not asked about it", async () => {
        const container = containerIn(find(await deployOnCluster(), "s-worker-1"));
        assert.deepEqual([container.ports, container.startupProbe], [undefined, undefined]);
        assert.deepEqual(container.args, ["work"]);
    });

    it("is a command that Kubernetes does not expand", async () => {
        const command = ["sh", "-c", "echo $((1 + 1)) $(hostname) $$ $HOME"];
        const deployment = await deployOnCluster({ workers: { n: 1, command } });
        assert.deepEqual(containerIn(find(deployment, "s-worker-1")).args, [
            "sh",
            "-c",
            "echo $$((1 + 1)) $$(hostname) $$$$ $$HOME",
        ]);
    });

    it("takes variables from the Secrets and ConfigMaps that it is given, whatever its role and the kind of workers", async () => {
        const envFrom = [{ secretName: pulumi.output("token") }, { configMapName: "settings", prefix: "APP_" }];
        for (const workers of ["Pods", "IndexedJob"] as const) {
            const deployment = await deployOnCluster({ kubernetes: { workers, envFrom } });
            for (const name of ["s-master", workers === "Pods" ? "s-worker-1" : "s-workers"]) {
                assert.deepEqual(containerIn(find(deployment, name)).envFrom, [
                    { secretRef: { name: "token" } },
                    { configMapRef: { name: "settings" }, prefix: "APP_" },
                ]);
            }
        }
    });

    it("is a command with parts that come later, and an image that does", async () => {
        const workers = { n: 1, command: ["a", Promise.resolve("$b")], image: Promise.resolve("mine") };
        const container = containerIn(find(await deployOnCluster({ workers }), "s-worker-1"));
        assert.deepEqual([container.image, container.args], ["mine", ["a", "$$b"]]);
    });

    it("is a worker that is started again whatever its exit code where that is asked for, and no such master", async () => {
        const deployment = await deployOnCluster({ workers: { restart: { always: true } } });
        const policies = ["s-master", "s-worker-1"].map((name) => podSpecIn(find(deployment, name)).restartPolicy);
        assert.deepEqual(policies, ["OnFailure", "Always"]);
    });

    for (const [wait, restartPolicy] of [
        ["running", "OnFailure"],
        ["none", "Never"],
        ["completed", "Never"],
    ] as const) {
        it(`is started again ${restartPolicy} with wait "${wait}"`, async () => {
            const deployment = await deployOnCluster({ wait });
            for (const name of ["s-master", "s-worker-1"]) {
                assert.equal(podSpecIn(find(deployment, name)).restartPolicy, restartPolicy);
            }
        });
    }

    it("has as long to stop as its role's stopSeconds say", async () => {
        const deployment = await deployOnCluster({ master: { stopSeconds: 60 }, workers: { n: 1 } });
        const specs = ["s-master", "s-worker-1"].map((name) => find(deployment, name).inputs.spec);
        const seconds = specs.map(({ terminationGracePeriodSeconds }) => terminationGracePeriodSeconds);
        assert.deepEqual(seconds, [60, 5]);
    });

    it("starts its program in its role's workingDir", async () => {
        const deployment = await deployOnCluster({ workers: { n: 1, workingDir: "/home/ray" } });
        const folders = ["s-master", "s-worker-1"].map((name) => containerIn(find(deployment, name)).workingDir);
        assert.deepEqual(folders, ["/home/cdsw", "/home/ray"]);
    });

    it("starts its program where an image of others says, unless a volume has the project", async () => {
        const folderOf = async (changes: PartialArgs) => {
            const deployment = await deployOnCluster({ master: { image: "others/image:1" }, ...changes });
            return containerIn(find(deployment, "s-master")).workingDir;
        };
        assert.equal(await folderOf({}), undefined);
        const projectVolume = { claimName: "project" };
        assert.equal(await folderOf({ kubernetes: { projectVolume } }), "/home/cdsw");
    });

    it("has the GPUs that it asks for, as limit and as request, and none where it asks for none", async () => {
        const deployment = await deployOnCluster({ workers: { n: 1, nvidiaGpu: 2 } });
        const { limits, requests } = containerIn(find(deployment, "s-worker-1")).resources;
        assert.deepEqual([limits["nvidia.com/gpu"], requests["nvidia.com/gpu"]], ["2", "2"]);
        assert.deepEqual(Object.keys(containerIn(find(deployment, "s-master")).resources.limits), ["cpu", "memory"]);
    });

    it("may ask the scheduler for less than it may use", async () => {
        const kubernetes = { pods: { requests: { cpu: 0.1 } }, workerPods: { requests: { memory: 0.25 } } };
        const deployment = await deployOnCluster({ kubernetes });
        const resources = (name: string) => containerIn(find(deployment, name)).resources;
        const limits = { cpu: "1", memory: "1Gi" };
        assert.deepEqual(resources("s-master"), { limits, requests: { cpu: "100m", memory: "1Gi" } });
        assert.deepEqual(resources("s-worker-1"), { limits, requests: { cpu: "1", memory: "256Mi" } });
    });

    it("has as much shared memory as memory, unless set otherwise", async () => {
        const deployment = await deployOnCluster({
            master: { memory: 2 },
            kubernetes: { workerPods: { sharedMemory: 0.5 } },
        });
        const sizeOf = (name: string) => podSpecIn(find(deployment, name)).volumes[0].emptyDir.sizeLimit;
        assert.deepEqual([sizeOf("s-master"), sizeOf("s-worker-1")], ["2Gi", "512Mi"]);
    });
});

describe("the user that a Pod runs as", () => {
    const contextOf = async (pods: KubernetesOptions["pods"], master: PartialArgs["master"] = {}) => {
        const { seccompProfile, ...rest } = podSpecIn(
            find(await deployOnCluster({ master, kubernetes: { pods } }), "s-master"),
        ).securityContext;
        assert.deepEqual(seccompProfile, { type: "RuntimeDefault" });
        return rest;
    };

    for (const [what, pods, image, context] of [
        ["is not root with the default image", undefined, undefined, { runAsNonRoot: true }],
        ["is the image's with another image", undefined, "mine", { runAsNonRoot: false }],
        ["is the one that is asked for", { runAsUser: 1000 }, "mine", { runAsNonRoot: true, runAsUser: 1000 }],
        ["may be root where that is asked for", { runAsUser: 0 }, undefined, { runAsNonRoot: false, runAsUser: 0 }],
        ["may not be root where that is refused", { runAsNonRoot: true }, "mine", { runAsNonRoot: true }],
        [
            "may be one that the cluster takes for root",
            { runAsUser: 5, runAsNonRoot: false },
            undefined,
            { runAsNonRoot: false, runAsUser: 5 },
        ],
        [
            "has the groups that are asked for",
            { runAsGroup: 0, fsGroup: 7 },
            undefined,
            { runAsNonRoot: true, runAsGroup: 0, fsGroup: 7 },
        ],
    ] as const) {
        it(what, async () => assert.deepEqual(await contextOf(pods, { image }), context));
    }

    it("is not root where the default image is named by a value that comes later", async () => {
        const image = Promise.resolve("distributed-session/engine:0.2.0");
        assert.deepEqual(await contextOf(undefined, { image }), { runAsNonRoot: true });
    });
});

describe("the options of a session's Pods", () => {
    const passed = {
        nodeSelector: { disk: "ssd" },
        tolerations: [{ key: "gpu", operator: "Exists" }],
        affinity: { podAffinity: {} },
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" }],
        priorityClassName: "high",
        serviceAccountName: "me",
        runtimeClassName: "nvidia",
        schedulerName: "volcano",
    };

    for (const [workers, worker] of [
        ["Pods", "s-worker-1"],
        ["IndexedJob", "s-workers"],
    ] as const) {
        it(`reach every Pod, with workers as ${workers}`, async () => {
            const pods = {
                ...passed,
                imagePullSecrets: ["registry"],
                imagePullPolicy: "Always",
                serviceAccountToken: true,
            };
            const deployment = await deployOnCluster({ kubernetes: { workers, pods } });
            for (const name of ["s-master", worker]) {
                const spec = podSpecIn(find(deployment, name));
                for (const [option, value] of Object.entries(passed)) {
                    assert.deepEqual(spec[option], value, `${name} ${option}`);
                }
                assert.deepEqual(spec.imagePullSecrets, [{ name: "registry" }]);
                assert.equal(spec.automountServiceAccountToken, true);
                assert.equal(containerIn(find(deployment, name)).imagePullPolicy, "Always");
            }
        });
    }

    it("of a role win over those of all, each as a whole", async () => {
        const deployment = await deployOnCluster({
            kubernetes: {
                pods: { schedulerName: "all", priorityClassName: "all", nodeSelector: { a: "1" } },
                masterPod: { schedulerName: "master" },
                workerPods: { schedulerName: "worker", nodeSelector: { b: "2" } },
            },
        });
        const seen = ["s-master", "s-worker-2"].map((name) => {
            const { schedulerName, priorityClassName, nodeSelector } = podSpecIn(find(deployment, name));
            return [schedulerName, priorityClassName, nodeSelector];
        });
        assert.deepEqual(seen, [
            ["master", "all", { a: "1" }],
            ["worker", "all", { b: "2" }],
        ]);
    });

    it("add labels and annotations to the session's own", async () => {
        const pods = { labels: { team: "a" }, annotations: { note: "b" } };
        const deployment = await deployOnCluster({ kubernetes: { pods } });
        for (const name of ["s-master", "s-worker-1"]) {
            const { labels, annotations } = find(deployment, name).inputs.metadata;
            assert.equal(labels.team, "a");
            assert.equal(annotations.note, "b");
            assert.equal(labels["app.kubernetes.io/instance"], "s");
        }
        assert.equal(find(deployment, "s", ":Service").inputs.metadata.labels.team, undefined);
    });

    it("are left out where none are given", async () => {
        const spec = podSpecIn(find(await deployOnCluster(), "s-master"));
        for (const option of [...Object.keys(passed), "imagePullSecrets"]) {
            assert.ok(!(option in spec), option);
        }
    });
});

describe("the pod-security level restricted", () => {
    // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    const volumeTypes = [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];
    const host = ["hostNetwork", "hostPID", "hostIPC"];

    for (const kubernetes of [{}, { workers: "IndexedJob" }, { projectVolume: { claimName: "mine" } }] as const) {
        it(`lets every Pod in with ${JSON.stringify(kubernetes)}`, async () => {
            const project = "projectVolume" in kubernetes ? undefined : "examples/hello-python";
            const deployment = await deployOnCluster({ project, kubernetes });
            const pods = deployment.resources.filter(({ type }) => /:(Pod|Job)$/.test(type));
            assert.ok(pods.length >= 2);
            for (const pod of pods) {
                const spec = podSpecIn(pod);
                const { allowPrivilegeEscalation, capabilities, privileged } = containerIn(pod).securityContext;
                assert.deepEqual(
                    [allowPrivilegeEscalation, capabilities, privileged],
                    [false, { drop: ["ALL"] }, undefined],
                );
                assert.equal(spec.securityContext.runAsNonRoot, true);
                assert.equal(spec.securityContext.seccompProfile.type, "RuntimeDefault");
                host.forEach((field) => assert.equal(spec[field], undefined));
                for (const { name, ...source } of spec.volumes) {
                    assert.ok(
                        Object.keys(source).every((type) => volumeTypes.includes(type)),
                        name,
                    );
                }
                assert.ok((containerIn(pod).ports ?? []).every(({ hostPort }: any) => hostPort === undefined));
            }
        });
    }
});
