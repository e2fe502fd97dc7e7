import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { KubernetesOptions, NetworkPeer, PublishedPort } from "../../../../components";
import { DeployOptions } from "../../../helpers/deploy";
import { clusterOnMocks } from "../../../helpers/kubernetes";
import { deployOnCluster, find } from "../../../helpers/session";

const publish = [{ port: 6000 }, { port: 4040 }];
const masterLabels = { "distributed-session.network": "s-abc1234", "distributed-session.role": "master" };

/** A cluster that gives node ports and, after a while, the address of a load balancer; the master's node is known. */
function cluster(balancer: object = {}, hostIP?: string): DeployOptions {
    const mocks = clusterOnMocks({});
    return {
        ...mocks,
        computed: (resource) => {
            const { spec } = resource.inputs as { spec?: any };
            const { status, ...computed } = mocks.computed!(resource) as { status?: object };
            const ports = spec?.ports?.map((port: object, index: number) => ({ ...port, nodePort: 30_000 + index }));
            return {
                ...computed,
                status: { ...status, hostIP, loadBalancer: { ingress: [balancer] } },
                ...(resource.name === "s-published" ? { spec: { ...spec, ports } } : {}),
            };
        },
    };
}

describe("the Service of published ports", () => {
    const serviceOf = async (options: KubernetesOptions = {}, timeoutSeconds?: number) =>
        find(await deployOnCluster({ publish, kubernetes: options, timeoutSeconds }), "s-published", ":Service");

    it("leads to the master alone, to each port under its own number, as soon as it opens", async () => {
        assert.deepEqual((await serviceOf()).inputs.spec, {
            type: "ClusterIP",
            publishNotReadyAddresses: true,
            selector: masterLabels,
            ports: [
                { name: "port-6000", port: 6000, protocol: "TCP" },
                { name: "port-4040", port: 4040, protocol: "TCP" },
            ],
        });
    });

    it("selects no worker", async () => {
        const deployment = await deployOnCluster({ publish });
        const labelsOf = (name: string) => find(deployment, name).inputs.metadata.labels;
        for (const [name, value] of Object.entries(masterLabels)) {
            assert.equal(labelsOf("s-master")[name], value);
        }
        assert.equal(labelsOf("s-worker-1")["distributed-session.role"], "worker");
    });

    for (const serviceType of ["NodePort", "LoadBalancer"] as const) {
        it(`keeps the addresses of clients as a ${serviceType}, because access names them`, async () => {
            const { type, externalTrafficPolicy } = (await serviceOf({ serviceType })).inputs.spec;
            assert.deepEqual([type, externalTrafficPolicy], [serviceType, "Local"]);
        });
    }

    it("is waited for only where a load balancer has to be found, as long as for the ports of the master", async () => {
        const waitingOf = ({ inputs }: { inputs: any }) =>
            Object.entries(inputs.metadata.annotations as object).filter(([name]) => name.startsWith("pulumi.com/"));
        for (const serviceType of ["ClusterIP", "NodePort"] as const) {
            assert.deepEqual(waitingOf(await serviceOf({ serviceType })), [["pulumi.com/skipAwait", "true"]]);
        }
        for (const [timeoutSeconds, seconds] of [
            [undefined, "300s"],
            [20, "20s"],
            [0, "24h"],
        ] as const) {
            const service = await serviceOf({ serviceType: "LoadBalancer" }, timeoutSeconds);
            assert.deepEqual(waitingOf(service), [["pulumi.com/waitFor", "jsonpath={.status.loadBalancer.ingress}"]]);
            const { create, update } = service.customTimeouts;
            assert.deepEqual([create, update], [seconds, seconds]);
        }
    });
});

describe("the policy for published ports", () => {
    const access: NetworkPeer[] = [
        { podLabels: { team: "blue" } },
        { namespaceLabels: { "kubernetes.io/metadata.name": "research" } },
        { podLabels: { team: pulumi.output("red") }, namespaceLabels: { team: "red" } },
        { cidr: "192.168.7.0/24" },
    ];

    it("lets those in who are named, to the published ports of the master and to nothing else", async () => {
        const deployment = await deployOnCluster({ publish, kubernetes: { access } });
        assert.deepEqual(find(deployment, "s-access", ":NetworkPolicy").inputs.spec, {
            podSelector: { matchLabels: masterLabels },
            policyTypes: ["Ingress"],
            ingress: [
                {
                    from: [
                        { podSelector: { matchLabels: { team: "blue" } } },
                        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "research" } } },
                        {
                            podSelector: { matchLabels: { team: "red" } },
                            namespaceSelector: { matchLabels: { team: "red" } },
                        },
                        { ipBlock: { cidr: "192.168.7.0/24" } },
                    ],
                    ports: [
                        { protocol: "TCP", port: 6000 },
                        { protocol: "TCP", port: 4040 },
                    ],
                },
            ],
        });
    });

    it("is not there where nobody is named, so that the session's own keeps everybody out", async () => {
        const { resources } = await deployOnCluster({ publish, kubernetes: { access: [] } });
        const policies = resources.filter(({ type }) => type.endsWith(":NetworkPolicy"));
        assert.deepEqual(
            policies.map(({ name }) => name),
            ["s-policy"],
        );
    });
});

describe("publishing ports on a cluster", () => {
    const others = async (ports: PublishedPort[] | undefined, kubernetes: KubernetesOptions) => {
        const { resources } = await deployOnCluster({ publish: ports, kubernetes });
        // The uid of each run on mocks is another one.
        return resources.filter(({ name }) => !["s-uid", "s-published", "s-access"].includes(name)).slice(1);
    };

    for (const workers of ["Pods", "IndexedJob"] as const) {
        it(`changes nothing else of a session, with workers as ${workers}`, async () => {
            const before = await others(undefined, { workers });
            assert.ok(before.length > 3);
            const access = [{ cidr: "10.0.0.0/8" }];
            assert.deepEqual(await others(publish, { workers }), before);
            assert.deepEqual(await others(publish, { workers, access, serviceType: "NodePort" }), before);
        });
    }
});

describe("the endpoints of published ports on a cluster", () => {
    const endpointsOf = async (options: KubernetesOptions, mocks: DeployOptions) => {
        const changes = { publish, kubernetes: { namespace: "mine", ...options } };
        return (await deployOnCluster(changes, mocks)).outputs.endpoints;
    };

    for (const [title, options, mocks, hosts] of [
        ["the Service's name", {}, cluster(), ["s-published-abc1234.mine.svc.cluster.local:6000", ":4040"]],
        [
            "the Service's name in the cluster's own domain",
            { clusterDomain: "k8s.example.com" },
            cluster(),
            ["s-published-abc1234.mine.svc.k8s.example.com:6000", ":4040"],
        ],
        [
            "the master's node",
            { serviceType: "NodePort" },
            cluster({}, "192.168.7.5"),
            ["192.168.7.5:30000", "192.168.7.5:30001"],
        ],
        [
            "the load balancer's address",
            { serviceType: "LoadBalancer" },
            cluster({ ip: "203.0.113.7" }),
            ["203.0.113.7:6000", "203.0.113.7:4040"],
        ],
        [
            "the load balancer's name",
            { serviceType: "LoadBalancer" },
            cluster({ hostname: "lb.example.com" }),
            ["lb.example.com:6000", "lb.example.com:4040"],
        ],
    ] as const) {
        it(`have ${title}, beside the master's address`, async () => {
            const [first, second] = hosts;
            const published = [first, second.startsWith(":") ? first.replace(/:\d+$/, second) : second];
            assert.deepEqual(await endpointsOf(options, mocks), [
                { port: 6000, address: "10.244.0.2:6000", published: published[0] },
                { port: 4040, address: "10.244.0.2:4040", published: published[1] },
            ]);
        });
    }

    it("have no other address as long as the cluster gives none", async () => {
        assert.deepEqual(await endpointsOf({ serviceType: "NodePort" }, cluster()), [
            { port: 6000, address: "10.244.0.2:6000" },
            { port: 4040, address: "10.244.0.2:4040" },
        ]);
    });
});
