import type * as k8s from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { WorkerKind } from "../../components";
import { deploySession } from "../helpers/session";
import { eventually } from "./support/eventually";
import { skipWithoutCluster } from "./support/kubeconfig";
import { PlayedProvider } from "./support/playedProvider";
import { TestNamespace } from "./support/testNamespace";

const endMs = 60_000;
const goneMs = 60_000;
const size = { cpu: 0.2, memory: 0.25 };

/** The projects that talk, and what they print: on the master per worker, and on a worker. */
const examples = [
    { project: "examples/hello-python", ending: "py", answer: /^Worker received: Hello [\d.]+ from the master\n$/ },
    { project: "examples/hello-r", ending: "r", answer: /^Worker received: Hello from the master \n$/ },
];

for (const kind of Object.values(WorkerKind)) {
    for (const { project, ending, answer } of examples) {
        describe(`the objects of ${project} on a cluster, with workers as ${kind}`, function () {
            this.timeout(120_000);
            let namespace: TestNamespace;
            let pods: k8s.V1Pod[];
            let provider: PlayedProvider;

            before(async function () {
                await skipWithoutCluster(this);
                namespace = await TestNamespace.create();
                provider = new PlayedProvider(namespace.api, namespace.name, { dryRun: false });
                const session = {
                    backend: "kubernetes",
                    project,
                    master: { ...size, command: undefined, script: `master.${ending}` },
                    workers: { ...size, command: undefined, script: `worker.${ending}` },
                    wait: "completed",
                    kubernetes: { workers: kind },
                } as const;
                await deploySession(session, { create: provider.create });
                pods = await eventually("the end of three Pods", endMs, () => endedPods(namespace, 3));
            });
            after(() => namespace?.remove());

            it("are taken without a warning", () => assert.deepEqual(provider.objections, []));

            it("let every engine end well", () => {
                assert.deepEqual(
                    pods.map(({ status }) => status!.containerStatuses![0]!.state!.terminated!.exitCode),
                    [0, 0, 0],
                );
            });

            it("give every worker the master's answer, and the master a word of each rank", async () => {
                const texts = new Map<string, string[]>();
                for (const pod of pods) {
                    const role = pod.metadata!.labels!["distributed-session.role"]!;
                    texts.set(role, [...(texts.get(role) ?? []), await namespace.api.logOf(pod)]);
                }
                assert.equal(texts.get("worker")!.length, 2);
                texts.get("worker")!.forEach((text) => assert.match(text, answer));
                const [heard] = texts.get("master")!;
                assert.deepEqual(heard!.match(/^Master received: Hello from worker \d/gm)?.sort(), [
                    "Master received: Hello from worker 1",
                    "Master received: Hello from worker 2",
                ]);
            });

            it("go when their Service is deleted", async () => {
                const service = provider.made.find(({ kind: each }) => each === "Service")!;
                await namespace.api.delete(service);
                for (const object of provider.made) {
                    const what = `the end of ${object.kind} ${object.metadata.name}`;
                    await eventually(what, goneMs, async () => !(await namespace.api.has(object)));
                }
                const isEmpty = async () => (await namespace.api.pods(namespace.name)).length === 0;
                await eventually("the end of the Pods", goneMs, isEmpty);
            });
        });
    }
}

/** The Pods, once there are as many as expected and all have ended. */
async function endedPods({ api, name }: TestNamespace, count: number): Promise<k8s.V1Pod[] | undefined> {
    const pods = await api.pods(name);
    const haveEnded = pods.every(({ status }) => ["Succeeded", "Failed"].includes(status?.phase ?? ""));
    return pods.length === count && haveEnded ? pods : undefined;
}
