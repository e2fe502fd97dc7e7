import assert from "node:assert/strict";
import { codeCommand, kernelOf, kernels, programOf, scriptCommand } from "../../../components/model/kernels";

describe("kernels", () => {
    it("are Python 3 and R", () => assert.deepEqual(kernels, ["python3", "r"]));

    it("run a script", () => {
        assert.deepEqual(scriptCommand("python3", "a b.py"), ["python3", "-u", "a b.py"]);
        assert.deepEqual(scriptCommand("r", "worker.R"), ["Rscript", "worker.R"]);
    });

    it("run source text", () => {
        assert.deepEqual(codeCommand("python3", "print(1)"), ["python3", "-u", "-c", "print(1)"]);
        assert.deepEqual(codeCommand("r", "cat(1)"), ["Rscript", "-e", "cat(1)"]);
    });

    it("need one program each", () => assert.deepEqual(kernels.map(programOf), ["python3", "Rscript"]));

    for (const [script, kernel] of [
        ["worker.py", "python3"],
        ["worker.r", "r"],
        ["sub/worker.R", "r"],
        ["worker", "python3"],
        ["worker.rb", "python3"],
        ["r", "python3"],
        [undefined, "python3"],
    ] as const) {
        it(`choose ${kernel} for ${script ?? "no script"}`, () => assert.equal(kernelOf(script), kernel));
    }

    it("are chosen without an exception for a script that is no text, which the checks report", () => {
        const script = [{ toString: null }] as unknown as string;
        assert.equal(kernelOf(script), "python3");
    });
});

describe("a script or a code that an interpreter would misread", () => {
    it("is no option where its name starts with a dash", () => {
        assert.deepEqual(scriptCommand("python3", "-c.py"), ["python3", "-u", "./-c.py"]);
        assert.deepEqual(scriptCommand("r", "-m"), ["Rscript", "./-m"]);
    });

    it("has no byte order mark", () => {
        assert.deepEqual(codeCommand("python3", "\uFEFFprint(1)"), ["python3", "-u", "-c", "print(1)"]);
    });
});
