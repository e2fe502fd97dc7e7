import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";

const portProperties = "port, hostPort, hostIp";
const isPort = "a port from 1 to 65535";

describe("the main port of a master", () => {
    it("is a port, and may be one that nothing waits for", () => {
        assert.deepEqual(problemsOf({ master: { mainPort: 0 } }), [`master.mainPort: 0 is not ${isPort}`]);
        assert.deepEqual(problemsOf({ master: { mainPort: "6000" } }), [`master.mainPort: "6000" is not ${isPort}`]);
        assert.deepEqual(problemsOf({ master: { ports: [6000], mainPort: 4040 } }), []);
    });
});

for (const backend of ["docker", "kubernetes"]) {
    describe(`published ports on ${backend}`, () => {
        const given = (publish: unknown) => problemsOf({ backend, publish });

        const table: [unknown, string[]][] = [
            [{ port: 6000 }, ['publish: {"port":6000} is not a list of published ports']],
            [[6000], ["publish[0]: 6000 is not an object"]],
            [[{}], [`publish[0].port: undefined is not ${isPort}`]],
            [[{ port: 0 }], [`publish[0].port: 0 is not ${isPort}`]],
            [[{ port: 6000, host: "a" }], [`publish[0].host: unknown property; expected one of ${portProperties}`]],
        ];
        for (const [publish, problems] of table) {
            it(`are not ${JSON.stringify(publish)}`, () => assert.deepEqual(given(publish), problems));
        }

        it("have no holes", () => {
            const publish = [{ port: 6000 }] as unknown[];
            publish[2] = { port: 7000 };
            assert.deepEqual(given(publish), ["publish[1]: undefined is not an object"]);
        });

        it("may be ports that the workers do not wait for, also of a master that has no others", () => {
            assert.deepEqual(given([]), []);
            assert.deepEqual(given([{ port: 6000 }, { port: 4040 }]), []);
            assert.deepEqual(problemsOf({ backend, publish: [{ port: 4040 }], master: { ports: undefined } }), []);
        });
    });
}

describe("the places of published ports on a Docker host", () => {
    const given = (...publish: unknown[]) => problemsOf({ publish });

    it("are ports of the host", () => {
        assert.deepEqual(given({ port: 6000, hostPort: 0 }), [`publish[0].hostPort: 0 is not ${isPort}`]);
        assert.deepEqual(given({ port: 6000 }, { port: 7000, hostPort: 65_535, hostIp: "0.0.0.0" }), []);
    });

    it("have one port each", () => {
        assert.deepEqual(given({ port: 6000 }, { port: 7000, hostPort: 6000 }), [
            "publish[1].hostPort: 127.0.0.1:6000 is taken by another published port, 127.0.0.1:6000",
        ]);
    });

    for (const hostIp of ["224.0.0.1", "255.255.255.255", "ff02::1", "127.1", "localhost:1", "", 5, null]) {
        it(`are not on ${JSON.stringify(hostIp)}, which no host has`, () => {
            assert.deepEqual(given({ port: 6000, hostIp }), [
                `publish[0].hostIp: ${JSON.stringify(hostIp)} is not an IP address that a host may have`,
            ]);
        });
    }

    for (const [one, other] of [
        ["127.0.0.1", "0.0.0.0"],
        ["0.0.0.0", "192.168.7.1"],
        ["::1", "::"],
        ["::1", "0:0:0:0:0:0:0:1"],
    ] as const) {
        it(`are not at ${one} and ${other} with the same number`, () => {
            const problems = given(
                { port: 6000, hostPort: 8000, hostIp: one },
                { port: 7000, hostPort: 8000, hostIp: other },
            );
            assert.equal(problems.length, 1);
            assert.match(
                problems[0]!,
                /^publish\[1\]\.hostPort: \S+:8000 is taken by another published port, \S+:8000$/,
            );
        });
    }

    for (const [one, other] of [
        ["127.0.0.1", "192.168.7.1"],
        ["0.0.0.0", "::"],
    ]) {
        it(`may have the same number at ${one} and ${other}`, () => {
            const places = [one, other].map((hostIp) => ({ port: 6000, hostPort: 80, hostIp }));
            assert.deepEqual(given(...places), []);
        });
    }
});

describe("published ports on a cluster", () => {
    const given = (publish: unknown, kubernetes?: unknown) =>
        problemsOf({ backend: "kubernetes", publish, ...(kubernetes === undefined ? {} : { kubernetes }) });

    it("have no place on a host", () => {
        const other = 'is for backend "docker", and the backend is "kubernetes"; remove it';
        assert.deepEqual(given([{ port: 1 }, { port: 2, hostPort: 80, hostIp: "0.0.0.0" }]), [
            `publish[1].hostPort: ${other}`,
            `publish[1].hostIp: ${other}`,
        ]);
    });

    it("are each published once", () => {
        assert.deepEqual(given([{ port: 1 }, { port: 1 }]), [
            "publish[1].port: 1 is listed twice; list each port once",
        ]);
    });

    const path = "kubernetes.access[0]";
    const range = 'a range of addresses, such as "192.168.7.0/24"';
    const table: [unknown, string[]][] = [
        [
            { serviceType: "Ingress" },
            ['kubernetes.serviceType: "Ingress" is not one of "ClusterIP", "NodePort", "LoadBalancer"'],
        ],
        [{ access: {} }, ["kubernetes.access: {} is not a list of those who may come in"]],
        [{ access: ["team"] }, [`${path}: "team" is not an object`]],
        [{ access: [{}] }, [`${path}: names nobody; give podLabels, namespaceLabels or cidr`]],
        [
            { access: [{ labels: {} }] },
            [`${path}.labels: unknown property; expected one of podLabels, namespaceLabels, cidr`],
        ],
        ...["podLabels", "namespaceLabels"].map((property): [unknown, string[]] => [
            { access: [{ [property]: {} }] },
            [`${path}.${property}: is empty, which would select everything; name at least one label`],
        ]),
        [
            { access: [{ podLabels: { "a b": "c" } }] },
            [`${path}.podLabels["a b"]: "a b" is not a name as Kubernetes takes it, such as "example.com/team"`],
        ],
        [
            { access: [{ podLabels: { team: 1 } }] },
            [`${path}.podLabels["team"]: 1 is not a label's value: at most 63 letters, digits, -, _ and .`],
        ],
        [
            { access: [{ cidr: "10.0.0.0/8", podLabels: { team: "blue" } }] },
            [`${path}: has a cidr beside labels; make two entries of it`],
        ],
        ...["10.0.0.0", "10.0.0.0/33", "10.0.0.0/08", "10.0.0/8", "fd00::/129", "10.0.0.0/8/8", "", 8].map(
            (cidr): [unknown, string[]] => [
                { access: [{ cidr }] },
                [`${path}.cidr: ${JSON.stringify(cidr)} is not ${range}`],
            ],
        ),
    ];
    for (const [kubernetes, problems] of table) {
        it(`do not have ${JSON.stringify(kubernetes)}`, () =>
            assert.deepEqual(given([{ port: 6000 }], kubernetes), problems));
    }

    it("may be open to Pods, to namespaces, to both together, and to ranges of addresses", () => {
        const access = [
            { podLabels: { "app.kubernetes.io/name": "notebook" } },
            {
                podLabels: { team: pulumi.output("blue") },
                namespaceLabels: { "kubernetes.io/metadata.name": "research" },
            },
            { namespaceLabels: { team: "" } },
            { cidr: "0.0.0.0/0" },
            { cidr: "fd00::/64" },
            { cidr: Promise.resolve("10.0.0.0/8") },
        ];
        for (const serviceType of ["ClusterIP", "NodePort", "LoadBalancer", undefined]) {
            assert.deepEqual(given([{ port: 6000 }], { access, serviceType }), []);
        }
    });

    it("are what access and the type of a Service are for", () => {
        const nothing = "has no effect without publish; give the ports to publish, or remove it";
        const kubernetes = { access: [{ cidr: "10.0.0.0/8" }], serviceType: "NodePort" };
        for (const publish of [undefined, []]) {
            assert.deepEqual(given(publish, kubernetes), [
                `kubernetes.access: ${nothing}`,
                `kubernetes.serviceType: ${nothing}`,
            ]);
            assert.deepEqual(given(publish, { access: [], serviceType: "ClusterIP" }), []);
        }
    });
});
