import { spawnSync } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { pathToFileURL } from "url";
import { folderWith, removeFolders } from "../helpers/folders";

const root = path.resolve(__dirname, "../..");
const tsx = pathToFileURL(require.resolve("tsx")).href;

/** Suites as the end-to-end tests declare them, whose tests end in every way that there is. */
const suites = `
const on = (column, body, more) => Object.assign(describe("on " + column, body), { column, ...more });

describe("a session", () => {
    on("One", () => {
        it("works", () => {});
        it("may not be", () => {});
    });
    on("Other", () => {
        it("works", () => { throw new Error("it does not"); });
        it("may not be", function () {
            this.test.skipReason = "it is too early";
            this.skip();
        });
    });
});

describe("a hook", () => {
    on("One", () => {
        before(() => { throw new Error("too bad"); });
        it("ends all tests", () => {});
    });
    on("Other", () => {
        afterEach(() => { throw new Error("something is left"); });
        it("ends all tests", () => {});
    });
});

describe("a peculiarity", () => {
    on("One", () => it("is there", () => {}), { only: "One" });
});

describe("another kind", () => {
    on("Other", () => it("is there", () => {}));
});

describe("a flood", () => it("is quoted", () => {
    throw new Error("first line" + "x".repeat(1_000_000) + "last line");
}));

describe("what is no backend's", () => it("is in no row", () => {}));
`;

describe("the report of a test run", function () {
    this.timeout(30_000);
    after(removeFolders);
    let durations: string;

    /** What is printed when all tests have run. */
    function report(...flags: string[]): string[] {
        const folder = folderWith({ "suites.spec.js": suites });
        const mocha = path.join(root, "node_modules/mocha/bin/mocha.js");
        const reporter = path.join(root, "test/report/reporter.ts");
        const spec = path.join(folder, "suites.spec.js");
        const args = ["--import", tsx, mocha, "--no-config", "--reporter", reporter, ...flags, spec];
        durations = path.join(folder, "durations.json");
        const env = {
            ...process.env,
            DISTRIBUTED_SESSION_TEST_DURATIONS: durations,
            DISTRIBUTED_SESSION_TEST_REPORT: undefined,
        };
        const lines = spawnSync(process.execPath, args, { cwd: folder, env })
            .stdout.toString()
            .replace(/\d+ms/g, "0ms")
            .trimEnd()
            .split("\n");
        return lines.slice(lines.findIndex((line) => / One( |$)/.test(line) && !line.includes("on One")));
    }

    it("ends with the behaviours of the backends, and why some were skipped", () => {
        const lines = report();
        assert.deepEqual(lines.slice(0, lines.indexOf("")), [
            "                         One     Other",
            "-----------------------  ------  -----------",
            "a session: works         passed  FAILED",
            "a session: may not be    passed  skipped (1)",
            "a hook: ends all tests   FAILED  FAILED",
            "a peculiarity: is there  passed  One only",
            "another kind: is there   -       passed",
            "-: the same for either kind of workers",
            "(1) it is too early",
        ]);
    });

    it("ends with what failed and how many tests passed and failed: the end of a log is what one sees first", () => {
        const lines = report();
        const after = lines.slice(lines.indexOf(""));
        for (const error of ["it does not", "too bad", "something is left"]) {
            assert.ok(after.includes(`     Error: ${error}`), after.join("\n"));
        }
        assert.deepEqual(after.slice(-3), ["0 s in all", "1 skipped", "6 passed, 4 failed"]);
    });

    it("quotes the beginning and the end of a text that is too long to be read", () => {
        const text = report("--grep", "a flood|on One works").join("\n");
        assert.match(text, /first linex{100}[^]*characters[^]*x{100}last line/);
        assert.ok(text.length < 40_000, `${text.length} characters`);
    });

    it("leaves out what nobody asked for", () => {
        assert.deepEqual(report("--grep", "a session on One works"), [
            "                  One",
            "----------------  ------",
            "a session: works  passed",
            "",
            "  1 passing (0ms)",
            "",
            "0 s in all",
            "1 passed, 0 failed",
        ]);
    });

    it("keeps the seconds of every test, and the calls of the CLI", () => {
        report("--grep", "a session on One works");
        const kept = JSON.parse(fs.readFileSync(durations, "utf8"));
        assert.deepEqual(Object.keys(kept), ["a session on One works"]);
        assert.deepEqual(kept["a session on One works"].calls, []);
    });
});
