import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";

const subnetAllowed = 'a private IPv4 subnet from /16 to /28, such as "10.77.0.0/24"';
const dockerProperties = "subnet, pidsLimit, log";

describe("closed egress", () => {
    it("is refused with a published port, which Docker would not publish", () => {
        const publish = [{ port: 6000 }];
        const master = { command: ["serve"], ports: [6000] };
        assert.deepEqual(problemsOf({ egress: "closed", publish, master }), [
            'publish: cannot be given with egress "closed": Docker publishes no port of a network that leads nowhere; remove it, or set egress to "open"',
        ]);
        assert.deepEqual(problemsOf({ egress: "open", publish, master }), []);
        assert.deepEqual(problemsOf({ egress: "closed", master }), []);
    });

    it("is one of two words", () => {
        assert.deepEqual(problemsOf({ egress: "none" }), ['egress: "none" is not one of "open", "closed"']);
    });
});

describe("the settings of the Docker backend", () => {
    const given = (docker: unknown) => problemsOf({ docker, master: { ports: [6000, 7000] } });

    const table: [unknown, string[]][] = [
        [null, ["docker: null is not an object"]],
        [[], ["docker: [] is not an object"]],
        [{ network: "x" }, [`docker.network: unknown property; expected one of ${dockerProperties}`]],
        [{ subnet: "10.0.0.0/8" }, [`docker.subnet: "10.0.0.0/8" is not ${subnetAllowed}`]],
        [{ subnet: "10.77.0.0/15" }, [`docker.subnet: "10.77.0.0/15" is not ${subnetAllowed}`]],
        [
            { subnet: "10.77.0.1/24" },
            ['docker.subnet: "10.77.0.1/24" is not the first address of its subnet; write "10.77.0.0/24"'],
        ],
        [{ subnet: "10.0.0.1/8" }, [`docker.subnet: "10.0.0.1/8" is not ${subnetAllowed}`]],
        [{ subnet: "8.8.0.0/16" }, [`docker.subnet: "8.8.0.0/16" is not ${subnetAllowed}`]],
        [{ subnet: "fd00::/64" }, [`docker.subnet: "fd00::/64" is not ${subnetAllowed}`]],
        [{ subnet: 10 }, [`docker.subnet: 10 is not ${subnetAllowed}`]],
        [{ subnet: null }, [`docker.subnet: null is not ${subnetAllowed}`]],
        [{ pidsLimit: 15 }, ["docker.pidsLimit: 15 is not a whole number from 16 to 4194304"]],
        [{ pidsLimit: 4_194_305 }, ["docker.pidsLimit: 4194305 is not a whole number from 16 to 4194304"]],
        [{ pidsLimit: "100" }, ['docker.pidsLimit: "100" is not a whole number from 16 to 4194304']],
        [{ log: { maxFileMib: 0 } }, ["docker.log.maxFileMib: 0 is not a whole number from 1 to 1024"]],
        [{ log: { maxFiles: 101 } }, ["docker.log.maxFiles: 101 is not a whole number from 2 to 100"]],
        [{ log: { files: 2 } }, ["docker.log.files: unknown property; expected one of maxFileMib, maxFiles"]],
        [
            { publish: [{ port: 6000 }] },
            ["docker.publish: is now publish, an argument of the session on each backend; move it there"],
        ],
    ];
    for (const [docker, problems] of table) {
        it(`are not ${JSON.stringify(docker)}`, () => assert.deepEqual(given(docker), problems));
    }

    for (const docker of [
        {},
        { subnet: "10.77.0.0/16", pidsLimit: 16 },
        { log: { maxFileMib: 1024, maxFiles: 2 } },
        { subnet: "192.168.7.240/28", pidsLimit: 4_194_304 },
    ]) {
        it(`may be ${JSON.stringify(docker)}`, () => assert.deepEqual(given(docker), []));
    }

    it("report a subnet that is too small only once", () => {
        assert.deepEqual(given({ subnet: "10.77.0.0/30" }), [`docker.subnet: "10.77.0.0/30" is not ${subnetAllowed}`]);
    });
});

describe("the room for workers", () => {
    it("is what the default subnet has", () => {
        assert.deepEqual(problemsOf({ workers: { n: 893 } }), []);
        assert.deepEqual(problemsOf({ workers: { n: 894 } }), [
            "workers.n: 894 is more than the 893 that the session's subnet has addresses for",
        ]);
    });

    for (const [subnet, most] of [
        ["10.77.0.0/28", 11],
        ["10.77.0.0/24", 221],
    ] as const) {
        it(`is ${most} in ${subnet}`, () => {
            assert.deepEqual(problemsOf({ docker: { subnet }, workers: { n: most } }), []);
            assert.deepEqual(problemsOf({ docker: { subnet }, workers: { n: most + 1 } }), [
                `workers.n: ${most + 1} is more than the ${most} that docker.subnet "${subnet}" has addresses for`,
            ]);
        });
    }

    it("is reported once, however small it is beside what is asked for", () => {
        assert.equal(problemsOf({ workers: { n: 2000 } }).length, 1);
    });

    it("is no more than a bridge has ports for", () => {
        assert.equal(problemsOf({ docker: { subnet: "10.77.0.0/16" }, workers: { n: 1023 } }).length, 1);
    });

    it("is not checked for a number that is invalid", () => {
        assert.deepEqual(problemsOf({ workers: { n: 10_001 } }), [
            "workers.n: 10001 is not a whole number from 0 to 10000",
        ]);
    });
});

describe("the limit of a disk", () => {
    const reason =
        "with readOnlyRoot: on Docker such an engine writes in volumes and in memory, and volumes have no limit; remove disk or readOnlyRoot";

    it("is refused where the root is read-only, because Docker limits no volume", () => {
        const given = { readOnlyRoot: true, master: { disk: 2 }, workers: { disk: Promise.resolve(1) } };
        assert.deepEqual(problemsOf(given), [`master.disk: 2 ${reason}`, `workers.disk: is given ${reason}`]);
        assert.deepEqual(problemsOf({ ...given, backend: "kubernetes" }), []);
        assert.deepEqual(problemsOf({ ...given, readOnlyRoot: false }), []);
    });
});
