import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { KubernetesOptions } from "../../../components";
import { AnyArgs, problemsOf, projectOf } from "../../helpers/problems";

const given = (kubernetes: unknown, changes: AnyArgs = {}) =>
    problemsOf({ backend: "kubernetes", kubernetes, ...changes });

const properties =
    "namespace, createNamespace, kubeconfig, context, workers, scheduleTimeoutSeconds, serviceType, access, clusterDomain, projectVolume, envFrom, sharedClaim, pods, masterPod, workerPods";
const name = "a name of at most 253 lower-case letters, digits, - and .";
const namespaceName = "a name of at most 63 lower-case letters, digits and -";
const variable = "a name of letters, digits and _ that starts with a letter or _";
const text = "a non-empty string";
const yesOrNo = "true or false";
const seconds = "a number of seconds from 0 (no limit) to 31536000";

describe("the settings of the Kubernetes backend", () => {
    const table: [unknown, string[]][] = [
        [null, ["kubernetes: null is not an object"]],
        [[], ["kubernetes: [] is not an object"]],
        ["x", ['kubernetes: "x" is not an object']],
        [{ subnet: "x" }, [`kubernetes.subnet: unknown property; expected one of ${properties}`]],
        [{ namespace: "Mine" }, [`kubernetes.namespace: "Mine" is not ${namespaceName}`]],
        [{ namespace: "x".repeat(64) }, [`kubernetes.namespace: "${"x".repeat(64)}" is not ${namespaceName}`]],
        [{ namespace: "-a" }, [`kubernetes.namespace: "-a" is not ${namespaceName}`]],
        [{ namespace: "" }, [`kubernetes.namespace: "" is not ${namespaceName}`]],
        [{ namespace: 1 }, [`kubernetes.namespace: 1 is not ${namespaceName}`]],
        [{ createNamespace: "yes" }, [`kubernetes.createNamespace: "yes" is not ${yesOrNo}`]],
        [{ kubeconfig: "" }, [`kubernetes.kubeconfig: [secret] (string) is not ${text}`]],
        [{ kubeconfig: {} }, [`kubernetes.kubeconfig: [secret] (object) is not ${text}`]],
        [{ context: " " }, [`kubernetes.context: " " is not ${text}`]],
        [{ workers: "Job" }, ['kubernetes.workers: "Job" is not one of "Pods", "IndexedJob"']],
        [{ scheduleTimeoutSeconds: -1 }, [`kubernetes.scheduleTimeoutSeconds: -1 is not ${seconds}`]],
        [
            { egress: "closed" },
            ["kubernetes.egress: is now egress, an argument of the session on each backend; move it there"],
        ],
        [{ clusterDomain: "cluster.local." }, [`kubernetes.clusterDomain: "cluster.local." is not ${name}`]],
        [{ envFrom: {} }, ["kubernetes.envFrom: {} is not a list of Secrets and ConfigMaps"]],
        [{ envFrom: ["token"] }, ['kubernetes.envFrom[0]: "token" is not an object']],
        [{ envFrom: [{}] }, ["kubernetes.envFrom[0]: names nothing; give secretName or configMapName"]],
        [
            { envFrom: [{ secretName: "a", configMapName: "b" }] },
            ["kubernetes.envFrom[0]: has a secretName beside a configMapName; make two entries of it"],
        ],
        [
            { envFrom: [{ secretName: "A", prefix: "1" }, { configMapName: "" }, { optional: true }] },
            [
                `kubernetes.envFrom[0].secretName: "A" is not ${name}`,
                `kubernetes.envFrom[0].prefix: "1" is not ${variable}`,
                `kubernetes.envFrom[1].configMapName: "" is not ${name}`,
                "kubernetes.envFrom[2].optional: unknown property; expected one of secretName, configMapName, prefix",
            ],
        ],
        [{ projectVolume: "shared" }, ['kubernetes.projectVolume: "shared" is not an object']],
        [{ projectVolume: {} }, [`kubernetes.projectVolume.claimName: undefined is not ${name}`]],
        [
            { projectVolume: { claimName: "a/b", subPath: "", readOnly: 1, path: "x" } },
            [
                "kubernetes.projectVolume.path: unknown property; expected one of claimName, subPath, readOnly",
                `kubernetes.projectVolume.claimName: "a/b" is not ${name}`,
                `kubernetes.projectVolume.subPath: "" is not ${text}`,
                `kubernetes.projectVolume.readOnly: 1 is not ${yesOrNo}`,
            ],
        ],
    ];
    for (const [kubernetes, problems] of table) {
        it(`are not ${JSON.stringify(kubernetes)}`, () => assert.deepEqual(given(kubernetes), problems));
    }

    for (const kubernetes of [
        undefined,
        {},
        { namespace: "a-b-1", createNamespace: true, kubeconfig: "~/.kube/config", context: "c", workers: "Pods" },
        {
            workers: "IndexedJob",
            scheduleTimeoutSeconds: 0.5,
            clusterDomain: "k8s.example.com",
            pods: {},
            masterPod: {},
            workerPods: {},
        },
        { projectVolume: { claimName: "shared", subPath: "a/b", readOnly: false } },
        { envFrom: [] },
        { envFrom: [{ secretName: "token" }, { configMapName: "app.settings", prefix: "APP_" }] },
    ]) {
        it(`may be ${JSON.stringify(kubernetes)}`, () => assert.deepEqual(given(kubernetes), []));
    }

    it("are refused where the backend is another one, and so are those of the other one here", () => {
        const reason = (one: string, other: string) =>
            `is for backend "${one}", and the backend is "${other}"; remove it`;
        assert.deepEqual(problemsOf({ kubernetes: {} }), [`kubernetes: ${reason("kubernetes", "docker")}`]);
        assert.deepEqual(given({}, { docker: {} }), [`docker: ${reason("docker", "kubernetes")}`]);
        // What cannot be used is not checked.
        assert.deepEqual(given({}, { docker: { subnet: 5 } }), [`docker: ${reason("docker", "kubernetes")}`]);
    });

    it("have room for more workers than a bridge", () => {
        assert.deepEqual(given({}, { workers: { n: 10_000 } }), []);
    });
});

describe("settings of the Kubernetes backend that come later", () => {
    const later = <T>(value: T): any => pulumi.output(Promise.resolve(value));
    const reason = "must be a plain value, not an Output or a Promise";

    for (const kubernetes of [
        { namespace: later("a"), kubeconfig: later("a"), context: later("a") },
        { clusterDomain: later("a") },
        { projectVolume: { claimName: later("a") } },
        { envFrom: [{ secretName: later("a") }, { configMapName: later("a") }] },
        { pods: { labels: { a: later("a") }, annotations: { a: later("a") }, nodeSelector: { a: later("a") } } },
        { pods: { priorityClassName: later("a"), serviceAccountName: later("a") } },
        { pods: { runtimeClassName: later("a"), schedulerName: later("a"), imagePullSecrets: [later("a")] } },
    ] satisfies KubernetesOptions[]) {
        const what = Object.entries(kubernetes).map(([name, value]) => `${name} ${Object.keys(value).join()}`);
        it(`may be ${what.join()}`, () => assert.deepEqual(given(kubernetes), []));
    }

    for (const [kubernetes, path] of [
        [{ createNamespace: later(true) }, "createNamespace"],
        [{ workers: later("Pods") }, "workers"],
        [{ scheduleTimeoutSeconds: later(1) }, "scheduleTimeoutSeconds"],
        [{ projectVolume: { claimName: "a", readOnly: later(true) } }, "projectVolume.readOnly"],
        [{ projectVolume: { claimName: "a", subPath: later("a") } }, "projectVolume.subPath"],
        [{ projectVolume: later({}) }, "projectVolume"],
        [{ envFrom: later([]) }, "envFrom"],
        [{ envFrom: [{ secretName: "a", prefix: later("A") }] }, "envFrom[0].prefix"],
        [{ pods: later({}) }, "pods"],
        [{ pods: { labels: later({}) } }, "pods.labels"],
        [{ pods: { runAsUser: later(1) } }, "pods.runAsUser"],
        [{ pods: { requests: { cpu: later(1) } } }, "pods.requests.cpu"],
        [{ masterPod: { serviceAccountToken: later(true) } }, "masterPod.serviceAccountToken"],
    ] as const) {
        it(`may not be ${path}`, () => assert.deepEqual(given(kubernetes), [`kubernetes.${path}: ${reason}`]));
    }
});

describe("the project's files on Kubernetes", () => {
    const remedy =
        "name what engines do not need in .dockerignore, put it into the image, or give a volume with the files as kubernetes.projectVolume";
    const with_ = (sizes: Record<string, number>, kubernetes?: unknown) =>
        problemsOf({ backend: "kubernetes", kubernetes, project: "hello" }, projectOf(sizes));

    it("may have 1 MiB together, which is what a ConfigMap carries", () => {
        assert.deepEqual(with_({ a: 2 ** 19, b: 2 ** 19 }), []);
        assert.deepEqual(with_({ a: 2 ** 19, b: 2 ** 19 + 1 }), [
            `project: "hello": the folder holds 1025 KiB, and a ConfigMap carries 1024 KiB; ${remedy}`,
        ]);
    });

    it("may be larger on Docker", () => {
        assert.deepEqual(problemsOf({ project: "hello" }, projectOf({ a: 2 ** 21, "b:c": 1 })), []);
    });

    it("have no colon in their names, each of which is reported", () => {
        const reason = "has a colon in its name, which no mount on Kubernetes may have; rename it, or";
        assert.deepEqual(with_({ "a:b": 1, c: 1, "d/e:f": 1 }), [
            `project: "a:b" ${reason} ${remedy}`,
            `project: "d/e:f" ${reason} ${remedy}`,
        ]);
    });

    it("are in a volume or in the project, and not in both", () => {
        assert.deepEqual(with_({ a: 2 ** 21 }, { projectVolume: { claimName: "shared" } }), [
            'project: "hello" is given together with kubernetes.projectVolume; the volume has the project\'s files, so remove one of them',
        ]);
    });

    it("are reported once where the folder cannot be read", () => {
        const project = { folder: "/p", files: [], problem: "the folder /p holds no file" };
        assert.deepEqual(problemsOf({ backend: "kubernetes", project: "p" }, project), [
            'project: "p": the folder /p holds no file',
        ]);
    });

    describe("in a volume", () => {
        const script = (path: unknown) =>
            given({ projectVolume: { claimName: "a" } }, { workers: { command: undefined, script: path } });

        for (const path of ["worker.py", "a/../b.py", "./x/y.R"]) {
            it(`may be run as ${path}, which is not checked`, () => assert.deepEqual(script(path), []));
        }

        for (const path of ["/worker.py", "../worker.py", "a/../../b.py", ".."]) {
            it(`may not be run as ${path}`, () => {
                assert.deepEqual(script(path), [
                    `workers.script: ${JSON.stringify(path)} lies outside the volume; give a path within it`,
                ]);
            });
        }

        it("have a path that is a text", () => {
            assert.deepEqual(script(" "), ['workers.script: " " is not the path of a file in the project folder']);
        });
    });
});

describe("restarts of workers on Kubernetes", () => {
    it("are an error with a master that is a job, with which the workers end", () => {
        const restarted = { wait: "master", workers: { restart: { attempts: 2 } } };
        assert.deepEqual(given(undefined, restarted), [
            'workers.restart.attempts: 2 is not 0, and with wait: "master" a worker on Kubernetes cannot be restarted; remove it, or let the library that the workers run replace them',
        ]);
        assert.deepEqual(problemsOf(restarted), []);
    });
});

describe("a limit of the engines' life on Kubernetes", () => {
    const endless = { maxSeconds: 60, kubernetes: { workers: "IndexedJob" } };

    it("is an error where a Job would start each worker again without limit", () => {
        assert.deepEqual(given(endless.kubernetes, { maxSeconds: 60 }), [
            'maxSeconds: 60 cannot be given with kubernetes.workers "IndexedJob" and workers that restart without limit: the Job would start each again; limit the restarts (workers.restart: { attempts: 0 }), use kubernetes.workers "Pods", or another wait than "running"',
        ]);
    });

    for (const changes of [
        { workers: { restart: { attempts: 0 } } },
        { workers: { restart: { attempts: 2 } } },
        { wait: "completed" },
        { wait: "master" },
        { kubernetes: { workers: "Pods" } },
        { maxSeconds: undefined },
    ]) {
        it(`is none with ${JSON.stringify(changes)}`, () => {
            assert.deepEqual(problemsOf({ backend: "kubernetes", ...endless, ...changes }), []);
        });
    }
});
