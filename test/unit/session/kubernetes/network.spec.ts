import assert from "node:assert/strict";
import { unknown } from "../../../helpers/deploy";
import { podSpecIn } from "../../../helpers/kubernetes";
import { deployOnCluster, find } from "../../../helpers/session";

describe("the Service of a session", () => {
    const serviceOf = async (...changes: Parameters<typeof deployOnCluster>) =>
        find(await deployOnCluster(...changes), "s", ":Service").inputs;

    it("gives engines names, also before they are ready, and no address of its own", async () => {
        const { spec } = await serviceOf();
        assert.deepEqual(spec, {
            clusterIP: "None",
            publishNotReadyAddresses: true,
            selector: { "distributed-session.session": "project.stack.s" },
        });
    });

    for (const workers of ["Pods", "IndexedJob"] as const) {
        it(`has no ports, because those of the master are not those of all engines, with workers as ${workers}`, async () => {
            const { spec } = await serviceOf({ master: { ports: [6000, 7000] }, kubernetes: { workers } });
            assert.equal("ports" in spec, false);
        });
    }

    it("is in the provider's namespace, unless the session has another", async () => {
        assert.equal((await serviceOf()).metadata.namespace, undefined);
        assert.equal((await serviceOf({ kubernetes: { namespace: "mine" } })).metadata.namespace, "mine");
        assert.equal(
            (await serviceOf({ kubernetes: { namespace: Promise.resolve("later") } })).metadata.namespace,
            "later",
        );
    });

    it("selects every engine", async () => {
        const deployment = await deployOnCluster();
        for (const name of ["s-master", "s-worker-1"]) {
            const { labels } = find(deployment, name).inputs.metadata;
            assert.equal(labels["distributed-session.session"], "project.stack.s");
        }
    });

    it("gives each engine a name in the cluster's DNS, where it has one", async () => {
        const deployment = await deployOnCluster({ kubernetes: { namespace: "mine" } });
        for (const [name, hostname] of [
            ["s-master", "master"],
            ["s-worker-2", "worker-2"],
        ] as const) {
            const spec = podSpecIn(find(deployment, name));
            assert.equal(spec.hostname, hostname);
            assert.equal(spec.subdomain, "s-abc1234");
            assert.deepEqual(spec.dnsConfig, { searches: ["s-abc1234.mine.svc.cluster.local"] });
        }
    });
});

describe("the search path of an engine", () => {
    for (const clusterDomain of ["k8s.example.com", Promise.resolve("k8s.example.com")]) {
        it(`ends with the cluster's domain, given as ${typeof clusterDomain}`, async () => {
            const deployment = await deployOnCluster({ kubernetes: { namespace: "mine", clusterDomain } });
            for (const name of ["s-master", "s-worker-1"]) {
                const { dnsConfig } = podSpecIn(find(deployment, name));
                assert.deepEqual(dnsConfig, { searches: ["s-abc1234.mine.svc.k8s.example.com"] });
            }
        });
    }
});

describe("the policy of a session's network", () => {
    const engines = { podSelector: { matchLabels: { "distributed-session.network": "s-abc1234" } } };
    const specOf = async (egress?: "open" | "closed") =>
        find(await deployOnCluster({ egress }), "s-policy").inputs.spec;

    for (const egress of [undefined, "open"] as const) {
        it(`lets in the session's engines alone, and lets out everything, with egress ${egress}`, async () => {
            assert.deepEqual(await specOf(egress), {
                ...engines,
                policyTypes: ["Ingress"],
                ingress: [{ from: [engines] }],
            });
        });
    }

    it("lets out to the session's engines and to DNS alone, where that is wanted", async () => {
        assert.deepEqual(await specOf("closed"), {
            ...engines,
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [engines] }],
            egress: [
                { to: [engines] },
                {
                    ports: [
                        { protocol: "UDP", port: 53 },
                        { protocol: "TCP", port: 53 },
                    ],
                },
            ],
        });
    });

    for (const [workers, name] of [
        ["Pods", "s-worker-1"],
        ["IndexedJob", "s-workers"],
    ] as const) {
        it(`concerns every engine, with workers as ${workers}`, async () => {
            const deployment = await deployOnCluster({ kubernetes: { workers } });
            const labelsOf = (inputs: any) => (inputs.spec.template ?? inputs).metadata.labels;
            for (const each of ["s-master", name]) {
                const labels = labelsOf(find(deployment, each).inputs);
                assert.equal(labels["distributed-session.network"], "s-abc1234");
            }
        });
    }
});

describe("the namespace of a session", () => {
    it("is made only where that is wanted", async () => {
        const { resources } = await deployOnCluster({ kubernetes: { namespace: "mine", createNamespace: false } });
        assert.deepEqual(
            resources.filter(({ type }) => type.endsWith(":Namespace")),
            [],
        );
    });

    for (const [namespace, name] of [
        [undefined, "s-namespace-abc1234"],
        ["mine", "mine"],
    ] as const) {
        it(`is called ${name} where ${namespace} is asked for, and everything is in it`, async () => {
            const deployment = await deployOnCluster({ kubernetes: { namespace, createNamespace: true } });
            const made = find(deployment, "s-namespace");
            assert.equal(made.inputs.metadata.name, namespace);
            const others = deployment.resources.filter(
                (each) => each.type.startsWith("kubernetes:") && each.urn !== made.urn,
            );
            assert.equal(others.length, 5);
            for (const { inputs, name: other } of others) {
                assert.equal(inputs.metadata.namespace, name, other);
            }
            assert.ok(find(deployment, "s", ":Service").waitsFor.includes(made.urn));
        });
    }

    it("is known in a preview, unlike the owner's uid", async () => {
        const deployment = await deployOnCluster({ kubernetes: { createNamespace: true } }, { preview: true });
        const { metadata } = find(deployment, "s-policy").inputs;
        assert.equal(metadata.namespace, "s-namespace-abc1234");
        assert.equal(metadata.ownerReferences[0].uid, unknown);
    });
});
