import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import * as ts from "typescript";

const components = path.join(__dirname, "../../../components");

/** The exported interfaces of a file, each with its members. */
function interfacesIn(file: string): ts.InterfaceDeclaration[] {
    const text = fs.readFileSync(path.join(components, file), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    return source.statements.filter(ts.isInterfaceDeclaration);
}

describe("every argument", () => {
    const interfaces = [
        "model/args.ts",
        "volumes.ts",
        "docker/options.ts",
        "kubernetes/options.ts",
        "libraries/args.ts",
    ].flatMap(interfacesIn);

    it("is found by this test", () => {
        assert.deepEqual(interfaces.map(({ name }) => name.text).sort(), [
            "ClusterArgs",
            "DistributedSessionArgs",
            "DockerLog",
            "DockerOptions",
            "EngineSpec",
            "EnvSource",
            "KubernetesOptions",
            "MasterSpec",
            "NetworkPeer",
            "PodOptions",
            "ProjectVolume",
            "PublishedPort",
            "ResourceRequests",
            "RestartPolicy",
            "SessionSettings",
            "SharedClaim",
            "SharedFolder",
            "Volume",
            "WorkerGroupSpec",
            "WorkersSpec",
        ]);
    });

    for (const { name, members } of interfaces) {
        it(`of ${name.text} has a doc comment`, () => {
            for (const member of members) {
                const comment = ts
                    .getJSDocCommentsAndTags(member)
                    .map((each) => each.getText())
                    .join("");
                assert.ok(comment.length > 0, `${name.text}.${member.name!.getText()} has no doc comment`);
            }
        });
    }
});
