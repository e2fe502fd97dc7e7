import assert from "node:assert/strict";
import { PartialArgs, deployOnCluster, find } from "../../../helpers/session";

const replacing = [
    "spec.containers[*].envFrom",
    "spec.containers[*].startupProbe",
    "spec.tolerations",
    "spec.topologySpreadConstraints",
    "metadata.ownerReferences",
    'metadata.annotations["distributed-session.generation"]',
];

describe("the resource options of a session on Kubernetes", () => {
    it("replace a Pod for what the cluster refuses to change, and one that failed, before its successor comes", async () => {
        const deployment = await deployOnCluster();
        for (const name of ["s-master", "s-worker-1"]) {
            const { replaceOnChanges, deleteBeforeReplace, ignoreChanges } = find(deployment, name);
            assert.deepEqual(replaceOnChanges, ["spec.activeDeadlineSeconds", ...replacing]);
            assert.equal(deleteBeforeReplace, true);
            assert.deepEqual(ignoreChanges, []);
        }
    });

    for (const [what, changes, name] of [
        ["Pods", {}, "s-worker-1"],
        ["Jobs of their own", { workers: { restart: { attempts: 1 } } }, "s-worker-1"],
        ["one Job", { kubernetes: { workers: "IndexedJob" } }, "s-workers"],
    ] as [string, PartialArgs, string][]) {
        it(`delete workers that are ${what} before their master, and create them when the next one is there`, async () => {
            const deployment = await deployOnCluster(changes);
            const master = find(deployment, "s-master");
            assert.deepEqual(find(deployment, name).replaceWith, [master.urn]);
            assert.deepEqual(master.replaceWith, []);
        });
    }

    it("let a worker count as created at once: it holds no `--parallel` slot while it runs", async () => {
        const { inputs, customTimeouts } = find(await deployOnCluster(), "s-worker-1");
        assert.deepEqual(inputs.metadata.annotations, {
            "pulumi.com/skipAwait": "true",
            "distributed-session.generation": "0",
        });
        assert.equal(customTimeouts.create, "");
    });
});

describe("the waiting of the provider for the master", () => {
    const waitingOf = async (changes: PartialArgs) => {
        const { inputs, customTimeouts } = find(await deployOnCluster(changes), "s-master");
        const { create, update } = customTimeouts;
        assert.equal(create, update);
        return [inputs.metadata.annotations["pulumi.com/waitFor"], create];
    };
    const unschedulable = 'jsonpath={..[?(@.podIP || @.phase=="Failed" || @.reason=="Unschedulable")]}';
    const patient = 'jsonpath={..[?(@.podIP || @.phase=="Failed")]}';

    for (const [what, changes, waitFor, seconds] of [
        ["ends with an address, a failure, or no node", {}, unschedulable, "300s"],
        ["lasts as long as the session's own", { timeoutSeconds: 20 }, unschedulable, "20s"],
        ["has no end where the session's has none", { timeoutSeconds: 0 }, unschedulable, "24h"],
        [
            "is patient where nodes are added on demand",
            { timeoutSeconds: 20, kubernetes: { scheduleTimeoutSeconds: 600 } },
            patient,
            "620s",
        ],
    ] as const) {
        it(what, async () => assert.deepEqual(await waitingOf(changes), [waitFor, seconds]));
    }
});
