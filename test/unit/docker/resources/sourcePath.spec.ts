import assert from "node:assert/strict";
import * as path from "path";
import { sourcePath } from "../../../../components/docker/resources/uploads";

describe("the path under which the provider finds a file", () => {
    const started = process.argv[1]!;
    const file = path.resolve("examples", "hello", "worker.py");
    afterEach(() => (process.argv[1] = started));

    for (const runner of [
        "/p/node_modules/@pulumi/pulumi/cmd/run/index.js",
        "C:\\p\\@pulumi\\pulumi\\cmd\\run\\index.js",
    ]) {
        it(`is relative to the program in ${runner}`, () => {
            process.argv[1] = runner;
            assert.equal(sourcePath(file), "examples/hello/worker.py");
        });
    }

    it("may lead out of the program's folder", () => {
        process.argv[1] = "/p/node_modules/@pulumi/pulumi/cmd/run/index.js";
        assert.equal(sourcePath(path.resolve("..", "shared", "a.py")), "../shared/a.py");
    });

    for (const runner of ["/p/program.js", "/p/node_modules/@pulumi/pulumi/cmd/run-plugin/index.js"]) {
        it(`is absolute in ${runner}, whose provider may be anywhere`, () => {
            process.argv[1] = runner;
            assert.equal(sourcePath(file), file);
        });
    }
});
