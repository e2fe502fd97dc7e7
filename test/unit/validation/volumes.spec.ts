import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { deployOnCluster, deploySession } from "../../helpers/session";
import { problemsOf, projectOf } from "../../helpers/problems";

const ownFolder = 'an absolute path of a folder of its own, outside of the system\'s, such as "/data"';
const onDocker = "use volumes[0].volume or volumes[0].hostPath";
const onKubernetes = "use volumes[0].claimName or volumes[0].hostPath";

describe("one of volumes", () => {
    const table: [unknown, string][] = [
        ["data", 'volumes[0]: "data" is not an object'],
        [
            { path: "/data", volume: "data", size: 1 },
            "volumes[0].size: unknown property; expected one of path, volume, hostPath, claimName, readOnly",
        ],
        [{ volume: "data" }, `volumes[0].path: undefined is not ${ownFolder}`],
        [{ path: "/etc", volume: "data" }, `volumes[0].path: "/etc" is not ${ownFolder}`],
        [{ path: "/data/", volume: "data" }, `volumes[0].path: "/data/" is not ${ownFolder}`],
        [
            { path: "/data", volume: "-x" },
            'volumes[0].volume: "-x" is not the name of a Docker volume: two or more letters, digits, _, . and -',
        ],
        [
            { path: "/data", hostPath: "data" },
            'volumes[0].hostPath: "data" is not an absolute path of a folder below /, such as "/data/shared"',
        ],
        [{ path: "/data", volume: "data", readOnly: "no" }, 'volumes[0].readOnly: "no" is not true or false'],
        [{ path: "/data" }, `volumes[0]: names no volume; ${onDocker}`],
        [{ path: "/data", volume: "data", hostPath: "/data" }, "volumes[0]: has volume and hostPath; name one of them"],
        [
            { path: "/data", claimName: "data" },
            `volumes[0].claimName: the backend "docker" has no such volumes; ${onDocker}`,
        ],
    ];
    for (const [volume, problem] of table) {
        it(`is not ${JSON.stringify(volume)}`, () => assert.deepEqual(problemsOf({ volumes: [volume] }), [problem]));
    }

    it("has no Docker volume on Kubernetes", () => {
        const given = (volume: object) =>
            problemsOf({ backend: "kubernetes", volumes: [{ path: "/data", ...volume }] });
        assert.deepEqual(given({ volume: "data" }), [
            `volumes[0].volume: the backend "kubernetes" has no such volumes; ${onKubernetes}`,
        ]);
        assert.deepEqual(given({}), [`volumes[0]: names no volume; ${onKubernetes}`]);
        for (const volume of [{ claimName: "data" }, { hostPath: "/srv/data", readOnly: false }]) {
            assert.deepEqual(given(volume), []);
        }
    });

    it("is not where the project has files", () => {
        const project = projectOf({ "data/in.csv": 1 });
        const volumes = [
            { path: "/home/cdsw/data", volume: "data" },
            { path: "/home/cdsw/more", volume: "more" },
        ];
        assert.deepEqual(problemsOf({ project: "p", volumes }, project), [
            'volumes[0].path: "/home/cdsw/data" is where project has the file "data/in.csv"; choose another path',
        ]);
    });

    const later: any = pulumi.output(Promise.resolve("no/volume"));
    it("has a volume whose name is checked where it comes later", () =>
        assert.rejects(
            deploySession({ volumes: [{ path: "/data", volume: later }] }),
            /volumes\[0\]\.volume: "no\/volume" is not the name/,
        ));

    it("has a claim whose name is checked where it comes later", () =>
        assert.rejects(
            deployOnCluster({ volumes: [{ path: "/data", claimName: later }] }),
            /volumes\[0\]\.claimName: "no\/volume" is not a/,
        ));
});

describe("the list of volumes", () => {
    const at = (...paths: string[]) => paths.map((path) => ({ path, volume: "data" }));

    it("is a list", () => {
        assert.deepEqual(problemsOf({ volumes: { path: "/data" } }), [
            'volumes: {"path":"/data"} is not a list of volumes',
        ]);
    });

    it("has paths that are apart from each other and from the shared folder, which has one by default", () => {
        assert.deepEqual(problemsOf({ shared: {}, volumes: at("/data", "/database", "/shared-data") }), []);
        assert.deepEqual(problemsOf({ volumes: at("/shared", "/srv/a", "/srv/b") }), []);
        assert.deepEqual(problemsOf({ shared: {}, volumes: at("/shared/in", "/data/a", "/data", "/data/a") }), [
            'volumes[0].path: "/shared/in" is within shared.path, which is "/shared"; choose another path',
            'volumes[2].path: "/data" is around volumes[1].path, which is "/data/a"; choose another path',
            'volumes[3].path: "/data/a" is volumes[1].path too; choose another path',
            'volumes[3].path: "/data/a" is within volumes[2].path, which is "/data"; choose another path',
        ]);
    });

    it("has none at /tmp where the root is read-only, and neither is the shared folder there", () => {
        const volumes = at("/tmp/data");
        assert.deepEqual(problemsOf({ shared: { path: "/tmp" }, volumes: at("/data") }), []);
        assert.deepEqual(problemsOf({ readOnlyRoot: true, volumes }), []);
        const reason = '"/tmp" is where engines with readOnlyRoot have their temporary files; choose another path';
        assert.deepEqual(problemsOf({ readOnlyRoot: true, shared: { path: "/tmp" } }), [`shared.path: ${reason}`]);
        assert.deepEqual(problemsOf({ readOnlyRoot: true, volumes: at("/tmp") }), [`volumes[0].path: ${reason}`]);
    });

    it("has all its problems reported at once", () => {
        const volumes = [{ path: "/data" }, { path: "data", claimName: "data", readOnly: 1 }, ...at("/data")];
        assert.deepEqual(
            problemsOf({ volumes }).map((line) => line.slice(0, line.indexOf(":"))),
            ["volumes[1].path", "volumes[1].readOnly", "volumes[0]", "volumes[1].claimName", "volumes[2].path"],
        );
    });
});
