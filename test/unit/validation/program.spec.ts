import assert from "node:assert/strict";
import * as path from "path";
import { readProject } from "../../../components/project/readProject";
import { folderWith, removeFolders } from "../../helpers/folders";
import { problemsOf, projectOf } from "../../helpers/problems";

const project = projectOf({ "worker.py": 8, "empty.py": 0, "sub/worker.R": 8, "a b.py": 1 });
const onlyOne = "give exactly one of script, code and command";

describe("what an engine runs", () => {
    const given = (workers: Record<string, unknown>) =>
        problemsOf({ workers: { command: undefined, ...workers } }, project);

    const table: [Record<string, unknown>, string][] = [
        [{ script: "worker.py", code: "1" }, `workers: script and code are given; ${onlyOne}`],
        [{ code: "1", command: ["a"] }, `workers: code and command are given; ${onlyOne}`],
        [
            { script: "worker.py", code: "1", command: ["a"] },
            `workers: script and code and command are given; ${onlyOne}`,
        ],
        [{ code: "\ud800" }, 'workers.code: "\\ud800" is not valid Unicode: it has half a surrogate pair'],
        [{ command: ["a\udc00"] }, 'workers.command[0]: "a\\udc00" is not valid Unicode: it has half a surrogate pair'],
        [
            { command: ["a"], env: { A: "\ud800" } },
            'workers.env.A: "\\ud800" is not valid Unicode: it has half a surrogate pair',
        ],
        [{ script: "" }, 'workers.script: "" is not the path of a file in the project folder'],
        [{ script: " " }, 'workers.script: " " is not the path of a file in the project folder'],
        [{ script: 5 }, "workers.script: 5 is not the path of a file in the project folder"],
        [{ script: null }, "workers.script: null is not the path of a file in the project folder"],
        [{ script: "gone.py" }, 'workers.script: "gone.py" is not a file in the project folder /p/hello'],
        [{ script: "sub" }, 'workers.script: "sub" is not a file in the project folder /p/hello'],
        [{ script: "empty.py" }, 'workers.script: "empty.py" is empty'],
        [
            { script: "../worker.py" },
            'workers.script: "../worker.py" lies outside the project folder /p/hello; give a path within it',
        ],
        [
            { script: "sub/../../worker.py" },
            'workers.script: "sub/../../worker.py" lies outside the project folder /p/hello; give a path within it',
        ],
        [
            { script: "/p/hello/worker.py" },
            'workers.script: "/p/hello/worker.py" lies outside the project folder /p/hello; give a path within it',
        ],
        [{ code: "" }, 'workers.code: "" is not a non-empty string'],
        [{ code: "\n " }, 'workers.code: "\\n " is not a non-empty string'],
        [{ code: 1 }, "workers.code: 1 is not a non-empty string"],
        [{ command: [] }, "workers.command: [] is not a list with a program and its arguments"],
        [{ command: "a b" }, 'workers.command: "a b" is not a list with a program and its arguments'],
        [{ command: null }, "workers.command: null is not a list with a program and its arguments"],
        [{ command: ["a", ""] }, 'workers.command[1]: "" is not a non-empty string'],
        [{ command: ["a", 8080] }, "workers.command[1]: 8080 is not a non-empty string"],
        [{ code: "1", kernel: "julia" }, 'workers.kernel: "julia" is not one of "python3", "r"'],
        [{ code: "1", kernel: null }, 'workers.kernel: null is not one of "python3", "r"'],
        [
            { command: ["a"], kernel: "r" },
            'workers.kernel: "r" runs a script or code, and a command is given; remove one of them',
        ],
    ];
    for (const [workers, problem] of table) {
        it(`is reported as "${problem}" where it is wrong`, () => assert.deepEqual(given(workers), [problem]));
    }

    for (const workers of [
        { script: "worker.py" },
        { script: "./sub/../worker.py" },
        { script: "sub/worker.R", kernel: "r" },
        { script: "a b.py", kernel: "python3" },
        { code: "print(1)" },
        { command: ["a", " ", "--x"] },
    ]) {
        it(`may be ${JSON.stringify(workers)}`, () => assert.deepEqual(given(workers), []));
    }

    it("may be a script whose name starts with dots", () => {
        const dotted = projectOf({ "..worker.py": 1 });
        const workers = { command: undefined, script: "..worker.py" };
        assert.deepEqual(problemsOf({ workers }, dotted), []);
    });

    it("is checked for the master too", () => {
        assert.deepEqual(problemsOf({ master: { command: undefined, script: "gone.py" } }, project), [
            'master.script: "gone.py" is not a file in the project folder /p/hello',
        ]);
    });

    it("needs a project where it is a script", () => {
        assert.deepEqual(problemsOf({ workers: { command: undefined, script: "worker.py" } }), [
            'workers.script: "worker.py" needs a project folder: give project',
        ]);
    });
});

describe("a project that cannot be read", () => {
    after(removeFolders);

    it("is reported once, and not for every script in it", () => {
        const folder = path.join(folderWith(), "gone");
        const script = { command: undefined, script: "a.py" };
        assert.deepEqual(problemsOf({ project: "gone", master: script, workers: script }, readProject(folder)), [
            `project: "gone": ${folder} does not exist`,
        ]);
    });

    it("is reported also where it is empty", () => {
        const folder = folderWith();
        assert.deepEqual(problemsOf({ project: folder }, readProject(folder)), [
            `project: ${JSON.stringify(folder)}: the folder ${folder} holds no file`,
        ]);
    });
});
