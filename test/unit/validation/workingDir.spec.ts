import assert from "node:assert/strict";
import { problemsOf, projectOf } from "../../helpers/problems";

const expected = 'is not an absolute path of a folder below /, such as "/home/ray"';

describe("the folder in which an engine's program starts", () => {
    for (const workingDir of ["", "/", "data", "/data/", "/a/../b", "/a:b", 1]) {
        it(`is not ${JSON.stringify(workingDir)}`, () => {
            const problem = `master.workingDir: ${JSON.stringify(workingDir)} ${expected}`;
            assert.deepEqual(problemsOf({ master: { workingDir } }), [problem]);
        });
    }

    it("is that of the project where a script runs", () => {
        const project = projectOf({ "work.py": 7 });
        const script = { n: 1, command: undefined, script: "work.py" };
        assert.deepEqual(problemsOf({ workers: { ...script, workingDir: "/tmp" } }, project), [
            'workers.workingDir: "/tmp" is given, and the script "work.py" is in /home/cdsw; remove it, or use code or a command',
        ]);
        assert.deepEqual(problemsOf({ workers: { ...script, workingDir: "/home/cdsw" } }, project), []);
    });

    it("is that of the project where the workers are a pool", () => {
        const workers = { n: 1, command: undefined };
        assert.deepEqual(problemsOf({ master: { workingDir: "/tmp" }, workers }), [
            'master.workingDir: "/tmp" is given, and a pool runs its work in /home/cdsw; remove it, or use code or a command',
        ]);
    });
});
