import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { WorkerKind } from "../../components";
import { folderWith, removeFolders } from "../helpers/folders";
import { PartialArgs, deploySession } from "../helpers/session";
import { everyEngineOption, everyOption, neededByEveryOption } from "./support/everyOption";
import { skipWithoutCluster } from "./support/kubeconfig";
import { PlayedProvider } from "./support/playedProvider";
import { TestNamespace } from "./support/testNamespace";

const files = {
    "master.py": "print()",
    "worker.py": "print()",
    "a folder/with ünusual names.txt": "text",
    "data.bin": Buffer.from([0, 255, 128]),
    "bin/run": "#!/bin/sh\n",
};

/** Sessions that together use all that a session can have. Folders are made when they are needed. */
const sessions: Record<string, () => PartialArgs> = {
    "with nothing chosen": () => ({}),
    "with every option": () => ({
        master: { ...everyEngineOption, ports: [6000, 65535] },
        workers: { ...everyEngineOption, joinCheck: ["test", pulumi.output("$(RANK)")] },
        publish: [{ port: 6000 }, { port: 4040 }],
        shared: { path: "/home/cdsw/shared" },
        volumes: [
            { path: "/data/genomes", claimName: pulumi.output("data") },
            { path: "/results", claimName: "results", readOnly: false },
        ],
        egress: "closed",
        readOnlyRoot: true,
        kubernetes: everyOption,
    }),
    "with a claim of the user's": () => ({ shared: { claimName: pulumi.output("data") } }),
    "whose whole environment comes later": () => ({
        master: { env: pulumi.secret({ TOKEN: "token" }) },
        workers: { env: pulumi.output({ TOKEN: "token" }) },
    }),
    "with a project": () => ({
        project: folderWith(files),
        master: { command: undefined, script: "master.py" },
        workers: { command: undefined, script: "worker.py" },
    }),
    "with code": () => ({
        master: { command: undefined, code: "print('$(RANK)')" },
        workers: { command: undefined, code: pulumi.output("cat('r')"), kernel: "r" },
    }),
    "that runs to its end": () => ({ wait: "completed" }),
    "that waits for nothing": () => ({ wait: "none" }),
    "without ports and without workers": () => ({ master: { ports: [] }, workers: { n: 0 } }),
    "in a namespace of its own": () => ({ kubernetes: { createNamespace: true } }),
    "in a namespace of its own with a name": () => ({ kubernetes: { createNamespace: true, namespace: "research" } }),
};

/** An image of which nobody knows whether it runs as root. */
const ownImage: PartialArgs = { master: { image: "python:3.13" } };

describe("what a session declares on Kubernetes", function () {
    this.timeout(60_000);
    const namespaces: Record<string, TestNamespace> = {};
    let removeRuntimeClass = (): Promise<void> => Promise.resolve();

    before(async function () {
        this.timeout(120_000);
        await skipWithoutCluster(this);
        namespaces.usual = await TestNamespace.create();
        const level = {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
        };
        namespaces.restricted = await TestNamespace.create(level);
        for (const namespace of Object.values(namespaces)) {
            await namespace.add("v1", "ServiceAccount", neededByEveryOption.serviceAccount);
        }
        removeRuntimeClass = await addRuntimeClass(namespaces.usual);
    });
    after(async function () {
        this.timeout(120_000);
        removeFolders();
        await removeRuntimeClass();
        await Promise.all(Object.values(namespaces).map((namespace) => namespace.remove()));
    });

    /** What the API server refuses or warns of when it is given a session's objects. */
    async function objectionsTo(args: PartialArgs, { api, name }: TestNamespace): Promise<string[]> {
        const provider = new PlayedProvider(api, name, { dryRun: true });
        await deploySession({ backend: "kubernetes", ...args }, { create: provider.create });
        return provider.objections;
    }

    for (const kind of Object.values(WorkerKind)) {
        for (const [name, args] of Object.entries(sessions)) {
            it(`is taken by the API server for a session ${name}, with workers as ${kind}`, async () => {
                const { kubernetes, ...rest } = args();
                const session = { ...rest, kubernetes: { ...kubernetes, workers: kind } };
                assert.deepEqual(await objectionsTo(session, namespaces.usual!), []);
                assert.deepEqual(await objectionsTo(session, namespaces.restricted!), []);
            });
        }

        it(`is taken for an image of one's own, with workers as ${kind}`, async () => {
            const session = { ...ownImage, kubernetes: { workers: kind } };
            assert.deepEqual(await objectionsTo(session, namespaces.usual!), []);
        });

        it(`needs a user's number for an image of one's own where policy is strict, with workers as ${kind}`, async () => {
            const [objection] = await objectionsTo(
                { ...ownImage, kubernetes: { workers: kind } },
                namespaces.restricted!,
            );
            assert.match(objection ?? "", /violates PodSecurity "restricted:latest": runAsNonRoot != true/);
            const kubernetes = { workers: kind, pods: { runAsUser: 1000 } };
            assert.deepEqual(await objectionsTo({ ...ownImage, kubernetes }, namespaces.restricted!), []);
        });
    }
});

async function addRuntimeClass({ api }: TestNamespace): Promise<() => Promise<void>> {
    const manifest = {
        apiVersion: "node.k8s.io/v1",
        kind: "RuntimeClass",
        metadata: { name: neededByEveryOption.runtimeClass },
        handler: "runc",
    };
    await api.create(manifest);
    return () => api.delete(manifest);
}
