import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { deployOnCluster, deploySession } from "../../helpers/session";
import { problemsOf, projectOf } from "../../helpers/problems";

const ownFolder = 'an absolute path of a folder of its own, outside of the system\'s, such as "/shared"';
const docker = "use shared.volume or shared.hostPath, or none of them for a volume of the session's own";
const kubernetes = "use shared.claimName or shared.hostPath, or none of them for a volume of the session's own";

describe("the shared folder", () => {
    const table: [unknown, string][] = [
        ["/shared", 'shared: "/shared" is not an object'],
        [{ size: 1 }, "shared.size: unknown property; expected one of path, volume, hostPath, claimName"],
        [{ path: "shared" }, `shared.path: "shared" is not ${ownFolder}`],
        [{ path: "/" }, `shared.path: "/" is not ${ownFolder}`],
        [{ path: "/shared/" }, `shared.path: "/shared/" is not ${ownFolder}`],
        [{ path: "/a/../b" }, `shared.path: "/a/../b" is not ${ownFolder}`],
        [{ path: "/a:b" }, `shared.path: "/a:b" is not ${ownFolder}`],
        [{ path: "/usr" }, `shared.path: "/usr" is not ${ownFolder}`],
        [{ path: "/proc/shared" }, `shared.path: "/proc/shared" is not ${ownFolder}`],
        [{ path: "/usr/local/bin" }, `shared.path: "/usr/local/bin" is not ${ownFolder}`],
        [{ path: "/home/cdsw" }, `shared.path: "/home/cdsw" is not ${ownFolder}`],
        [
            { volume: "-x" },
            'shared.volume: "-x" is not the name of a Docker volume: two or more letters, digits, _, . and -',
        ],
        [
            { hostPath: "data" },
            'shared.hostPath: "data" is not an absolute path of a folder below /, such as "/data/shared"',
        ],
        [
            { volume: "data", hostPath: "/data" },
            "shared: has volume and hostPath; name one of them, or none of them for a volume of the session's own",
        ],
        [{ claimName: "data" }, `shared.claimName: the backend "docker" has no such volumes; ${docker}`],
    ];
    for (const [shared, problem] of table) {
        it(`is not ${JSON.stringify(shared)}`, () => assert.deepEqual(problemsOf({ shared }), [problem]));
    }

    for (const shared of [
        {},
        { path: "/home/cdsw/shared" },
        { path: "/data/of the/team" },
        { volume: "team.data_1" },
        { hostPath: "/srv/data" },
        { volume: pulumi.output("data") },
    ]) {
        it(`may be ${JSON.stringify(shared)}`, () => assert.deepEqual(problemsOf({ shared }), []));
    }

    it("has no Docker volume on Kubernetes", () => {
        assert.deepEqual(problemsOf({ backend: "kubernetes", shared: { volume: "data" } }), [
            `shared.volume: the backend "kubernetes" has no such volumes; ${kubernetes}`,
        ]);
        for (const shared of [{}, { claimName: "data" }, { hostPath: "/data" }]) {
            assert.deepEqual(problemsOf({ backend: "kubernetes", shared }), []);
        }
    });

    for (const path of ["/home/cdsw/data", "/home/cdsw/data/out", "/home/cdsw/a.py/b"]) {
        it(`is not at ${path}, where the project has files`, () => {
            const project = projectOf({ "a.py": 1, "data/out/1.csv": 1 });
            const file = path.includes("a.py") ? "a.py" : "data/out/1.csv";
            assert.deepEqual(problemsOf({ project: "p", shared: { path } }, project), [
                `shared.path: "${path}" is where project has the file "${file}"; choose another path`,
            ]);
        });
    }

    it("may be beside the files of the project", () => {
        const project = projectOf({ "a.py": 1, "data/out/1.csv": 1 });
        for (const path of ["/home/cdsw/data/in", "/home/cdsw/dat", "/data"]) {
            assert.deepEqual(problemsOf({ project: "p", shared: { path } }, project), []);
        }
    });

    const later: any = pulumi.output(Promise.resolve("no/volume"));

    it("has a volume whose name is checked where it comes later", () =>
        assert.rejects(deploySession({ shared: { volume: later } }), /shared\.volume: "no\/volume" is not the name/));

    it("has a claim whose name is checked where it comes later", () =>
        assert.rejects(deployOnCluster({ shared: { claimName: later } }), /shared\.claimName: "no\/volume" is not a/));
});

describe("the session's own claim", () => {
    const given = (sharedClaim: unknown, shared?: unknown) =>
        problemsOf({ backend: "kubernetes", kubernetes: { sharedClaim }, shared });

    it("has a size, a class and a mode", () => {
        assert.deepEqual(given({ size: 0.5, storageClassName: "nfs", accessMode: "ReadWriteOnce" }, {}), []);
        assert.deepEqual(given({ size: 0, storageClassName: "N", accessMode: "Many" }, {}), [
            "kubernetes.sharedClaim.size: 0 is not a number of GiB from 1/1024 (1 MiB) to 1000000",
            'kubernetes.sharedClaim.storageClassName: "N" is not a name of at most 253 lower-case letters, digits, - and .',
            'kubernetes.sharedClaim.accessMode: "Many" is not one of "ReadWriteMany", "ReadWriteOnce"',
        ]);
    });

    it("is an error where there is none", () => {
        const own = "kubernetes.sharedClaim: is for a claim of the session's own, and";
        assert.deepEqual(given({}), [
            `${own} there is no shared folder; give the session one (shared: {}), or remove it`,
        ]);
        assert.deepEqual(given({}, { claimName: "data" }), [
            `${own} shared names a volume that exists; remove one of them`,
        ]);
    });
});
