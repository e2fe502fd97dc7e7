import assert from "node:assert/strict";
import { execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import * as ts from "typescript";
import { libraryImages } from "../../components/libraries/images";
import { kubernetes } from "../e2e/support/backends";
import { publishedService } from "../e2e/support/cluster";
import { compiledProgram } from "../e2e/support/program";
import { destroySessions } from "../e2e/support/session";
import { Stack, projectFolder, toolEnvironment } from "../e2e/support/stack";
import { programs, readDocument } from "../helpers/documents";
import { folderWith, removeFolders } from "../helpers/folders";
import { createCluster, describeLibrary } from "./support";

/** The documented cell, which prints what a notebook would show. */
const [, cell] = /^```python\n([^]*?)^```/m.exec(readDocument("docs/libraries.md"))!;
const printed = cell!.replace(/^(client\.gather.*)$/m, "print($1)");
const squares = "[0, 1, 4, 9]";

describeLibrary("a notebook beside a Dask cluster", "dask", () => {
    const publish = [
        { port: 8786, hostPort: 18786 },
        { port: 8787, hostPort: 18787 },
    ];
    after(destroySessions);

    it("on its host computes through the published port, and shows the dashboard through the other", async () => {
        const cluster = await createCluster("dask", { publish, workers: { n: 2, cpu: 1, memory: 0.5 } });
        await cluster.up();
        const { dashboard, address } = await cluster.stack.outputs();
        const variable = `DASK_SCHEDULER_ADDRESS=${address}`;
        const client = ["run", "--rm", "--network", "host", "--env", variable, libraryImages.dask];
        const env = await toolEnvironment();
        const shown = execFileSync("docker", [...client, "python3", "-W", "ignore", "-c", printed], { env }).toString();
        assert.equal(shown.trim(), squares);
        assert.equal(dashboard, "http://127.0.0.1:18787/status");
        assert.equal(address, "tcp://127.0.0.1:18786");
        assert.equal((await fetch(dashboard)).status, 200);
    });
});

describeLibrary(
    "a notebook beside a Dask cluster",
    "dask",
    () => {
        after(removeFolders);

        it("is a Pod that may come in and computes, as documented, and destroy leaves nothing", async () => {
            const { site } = kubernetes;
            const { dask: image } = libraryImages;
            const stack = await Stack.create({ daskImage: image, notebookImage: image }, documentedProgram());
            try {
                const run = await stack.up();
                assert.equal(run.exitCode, 0, run.output);
                const { pod: name } = await stack.outputs();
                const pod = await site.core.readNamespacedPod({ name, namespace: "default" });
                const { metadata } = await publishedService(site, stack.identity("dask"));
                const { value } = pod.spec!.containers[0]!.env![0]!;
                assert.equal(value, `tcp://${metadata!.name}.default.svc.cluster.local:8786`);
                // The cluster of the tests may have no DNS, and nothing that leads from a Service to its Pods.
                const { ip } = (await site.engines(stack.identity("dask"))).get("master")!;
                const address = `DASK_SCHEDULER_ADDRESS=tcp://${ip}:8786`;
                const { text } = await site.execIn(pod, "notebook", "env", address, "python3", "-c", printed);
                assert.ok(text.trim().endsWith(squares), text);
            } finally {
                await stack.remove();
            }
            assert.deepEqual(await site.leftovers(stack.identity("dask")), []);
        });
    },
    kubernetes,
);

/** The documented program in a folder of its own: with the component from this project's sources, and a Pod that needs no JupyterLab. */
function documentedProgram(): string {
    const components = path.join(compiledProgram(projectFolder), "components");
    const program = programs()
        .get("dask-notebook")!
        .replace('"distributed-session"', JSON.stringify(components))
        .replace('["jupyter", "lab"]', '["sleep", "600"]')
        .replace("cpu: 1, memory: 1", "cpu: 0.5, memory: 0.5")
        // Others run beside it on a small node.
        .replace("kubernetes: {", "kubernetes: { pods: { requests: { cpu: 0.01, memory: 0.03 } },");
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
    const folder = folderWith({
        "Pulumi.yaml": "name: mine\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
        "package.json": JSON.stringify({ name: "mine", private: true }),
        "index.js": ts.transpileModule(program, { compilerOptions }).outputText,
    });
    fs.symlinkSync(path.join(projectFolder, "node_modules"), path.join(folder, "node_modules"));
    return folder;
}
