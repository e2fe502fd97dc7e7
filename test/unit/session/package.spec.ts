import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import * as ts from "typescript";
import { folderWith, removeFolders } from "../../helpers/folders";

const root = path.resolve(__dirname, "../../..");

describe("the component's surface", function () {
    // The compilers read the types of both providers.
    this.timeout(90_000);
    after(removeFolders);

    it("is one that Pulumi's analyzer can turn into a package for other languages", () => {
        const folder = folderWith({ "index.ts": `export * from "./components";` });
        fs.cpSync(path.join(root, "components"), path.join(folder, "components"), { recursive: true });
        fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
        const compilerOptions = { module: "commonjs", moduleResolution: "node10", strict: true, skipLibCheck: true };
        fs.writeFileSync(
            path.join(folder, "tsconfig.json"),
            JSON.stringify({ compilerOptions, include: ["index.ts"] }),
        );

        const metadata = { name: "distributed-session", version: "0.0.0" };
        const names = new Set(["DistributedSession"]);
        const { components, typeDefinitions } = new Analyzer(folder, metadata.name, metadata, names).analyze();
        const { inputs, outputs } = components.DistributedSession!;
        assert.deepEqual(Object.keys(inputs).sort(), [
            "backend",
            "docker",
            "egress",
            "kubernetes",
            "master",
            "maxSeconds",
            "onWorkerFailure",
            "project",
            "publish",
            "readOnlyRoot",
            "shared",
            "timeoutSeconds",
            "volumes",
            "wait",
            "workerGroups",
            "workers",
            "worldSize",
        ]);
        assert.deepEqual(Object.keys(outputs).sort(), ["endpoints", "master", "masterIp", "network", "workers"]);
        for (const { description } of [...Object.values(inputs), ...Object.values(outputs)]) {
            assert.ok(description, "every property is described");
        }
        assert.ok(
            "WorkersSpec" in typeDefinitions && "PublishedPort" in typeDefinitions && "NetworkPeer" in typeDefinitions,
        );
    });

    it("compiles in a program without esModuleInterop", function () {
        const program = ts.createProgram([path.join(root, "components/index.ts")], {
            module: ts.ModuleKind.CommonJS,
            moduleResolution: ts.ModuleResolutionKind.Node10,
            target: ts.ScriptTarget.ES2022,
            lib: ["lib.es2023.d.ts"],
            types: ["node"],
            strict: true,
            esModuleInterop: false,
            skipLibCheck: true,
            noEmit: true,
        });
        const errors = ts.getPreEmitDiagnostics(program);
        assert.deepEqual(
            errors.map(
                ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
            ),
            [],
        );
    });
});
