import assert from "node:assert/strict";
import { DistributedSession } from "../../../../components";
import { deploy } from "../../../helpers/deploy";
import { folderWith, removeFolders } from "../../../helpers/folders";
import { clusterOnMocks } from "../../../helpers/kubernetes";
import { PartialArgs, deployOnCluster, find, sessionArgs } from "../../../helpers/session";

const component = "distributed-session:index:DistributedSession";
const stash = "pulumi:index:Stash";
const service = "kubernetes:core/v1:Service";
const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const pod = "kubernetes:core/v1:Pod";

/** A session with one of everything. */
const everything = (project: string): PartialArgs => ({
    project,
    master: { env: { A: Promise.resolve("a") } },
    workers: { env: { B: Promise.resolve("b") } },
    kubernetes: { createNamespace: true },
});

describe("the resources of a session on Kubernetes", () => {
    after(removeFolders);

    const typesAndNames = async (changes: PartialArgs) =>
        (await deployOnCluster(changes)).resources.map(({ type, name }) => [type, name]);

    it("are a uid in the state, a Service, a policy, a master and n workers", async () => {
        assert.deepEqual(await typesAndNames({}), [
            [component, "s"],
            [stash, "s-uid"],
            [service, "s"],
            [policy, "s-policy"],
            [pod, "s-master"],
            [pod, "s-worker-1"],
            [pod, "s-worker-2"],
        ]);
    });

    it("are the namespace, the files and the secrets too, where there are any", async () => {
        const names = (await typesAndNames(everything(folderWith({ "a.txt": "a" })))).map(
            ([type, name]) => `${type} ${name}`,
        );
        for (const name of [
            "kubernetes:core/v1:Namespace s-namespace",
            "kubernetes:core/v1:ConfigMap s-files",
            "kubernetes:core/v1:Secret s-master-env",
            "kubernetes:core/v1:Secret s-worker-env",
        ]) {
            assert.ok(names.includes(name), name);
        }
        assert.equal(names.length, 7 + 4);
    });

    it("have one Job for all workers, where that is wanted", async () => {
        assert.deepEqual(
            (await typesAndNames({ workers: { n: 100 }, kubernetes: { workers: "IndexedJob" } })).slice(4),
            [
                [pod, "s-master"],
                ["kubernetes:batch/v1:Job", "s-workers"],
            ],
        );
    });

    for (const workers of ["Pods", "IndexedJob"] as const) {
        it(`have nothing for workers where there are none, as ${workers}`, async () => {
            const { resources, outputs } = await deployOnCluster({ workers: { n: 0 }, kubernetes: { workers } });
            assert.equal(resources.length, 5);
            assert.deepEqual(outputs.workers, []);
        });
    }

    it("are the same in a preview", async () => {
        const changes = everything(folderWith({ "a.txt": "a" }));
        const urns = ({ resources }: Awaited<ReturnType<typeof deploy>>) => resources.map(({ urn }) => urn).sort();
        assert.deepEqual(urns(await deployOnCluster(changes, { preview: true })), urns(await deployOnCluster(changes)));
    });

    it("are all children of the session", async () => {
        const deployment = await deployOnCluster(everything(folderWith({ "a.txt": "a" })));
        const session = find(deployment, "s", component);
        for (const child of deployment.resources.filter(({ type }) => type !== component)) {
            assert.equal(child.parent, session.urn, child.name);
        }
    });

    it("of two sessions stand side by side, each with a Service of its own", async () => {
        const { resources } = await deploy(() => {
            new DistributedSession("a", sessionArgs({ backend: "kubernetes" }));
            new DistributedSession("b", sessionArgs({ backend: "kubernetes" }));
        }, clusterOnMocks({}));
        const networks = resources
            .filter(({ type }) => type === pod)
            .map(({ inputs }) => inputs.metadata.labels["distributed-session.network"] as string);
        assert.deepEqual(networks.sort(), [...Array(3).fill("a-abc1234"), ...Array(3).fill("b-abc1234")]);
    });
});

describe("what belongs to a session's Service", () => {
    after(removeFolders);

    it("is everything but the namespace and the Service itself: its deletion deletes the rest", async () => {
        const { resources } = await deployOnCluster(everything(folderWith({ "a.txt": "a" })));
        const owned = resources.filter(({ inputs }) => inputs.metadata?.ownerReferences !== undefined);
        assert.equal(owned.length, 7);
        for (const { inputs, name } of owned) {
            const { ownerReferences, namespace, labels } = inputs.metadata;
            const owner = {
                apiVersion: "v1",
                kind: "Service",
                name: "s-abc1234",
                uid: "s-uid",
            };
            assert.deepEqual(ownerReferences, [owner], name);
            assert.equal(namespace, "s-namespace-abc1234", name);
            assert.equal(labels["distributed-session.network"], "s-abc1234", name);
            assert.equal(labels["distributed-session.session"], "project.stack.s", name);
        }
    });

    it("is a Job of workers too", async () => {
        const deployment = await deployOnCluster({ kubernetes: { workers: "IndexedJob" } });
        assert.equal(find(deployment, "s-workers").inputs.metadata.ownerReferences[0].uid, "s-uid");
    });
});

describe("the outputs of a session on Kubernetes", () => {
    const engine = (name: string, id: string, ip: string) => ({ name, id, ip, status: "declared" });

    it("list each engine by its Pod, and on mocks that it is declared only", async () => {
        const { outputs } = await deployOnCluster();
        assert.deepEqual(outputs.master, engine("s-master", "s-master-abc1234", "10.244.0.2"));
        assert.deepEqual(outputs.workers, [
            engine("s-worker-1", "s-worker-1-abc1234", ""),
            engine("s-worker-2", "s-worker-2-abc1234", ""),
        ]);
    });

    it("list the workers of a Job by their ranks", async () => {
        const { outputs } = await deployOnCluster({ kubernetes: { workers: "IndexedJob" } });
        assert.deepEqual(outputs.workers, [
            engine("s-worker-1", "s-workers-abc1234#1", ""),
            engine("s-worker-2", "s-workers-abc1234#2", ""),
        ]);
    });

    it("have the master's address, its ports and the Service's name", async () => {
        const { outputs } = await deployOnCluster({ master: { ports: [6000, 7000] } });
        assert.equal(outputs.masterIp, "10.244.0.2");
        assert.equal(outputs.network, "s-abc1234");
        assert.deepEqual(outputs.endpoints, [
            { port: 6000, address: "10.244.0.2:6000" },
            { port: 7000, address: "10.244.0.2:7000" },
        ]);
    });

    it("are registered as the component's own", async () => {
        const deployment = await deployOnCluster();
        const { urn } = find(deployment, "s", component);
        assert.deepEqual(deployment.registeredOutputs.get(urn), deployment.outputs);
    });
});
