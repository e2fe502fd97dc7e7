import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "fs";
import * as path from "path";
import { readProject } from "../../../components/project/readProject";
import { folderWith, removeFolders } from "../../helpers/folders";
import { problemsOf } from "../../helpers/problems";

/** How long something takes, in ms. */
function timeOf(act: () => void): number {
    const start = performance.now();
    act();
    return performance.now() - start;
}

describe("a project folder beyond the limits", () => {
    after(removeFolders);

    it("is refused before a byte of a huge file is read", () => {
        const folder = folderWith({ "a.py": "" });
        fs.truncateSync(path.join(folder, "a.py"), 50 * 2 ** 30);
        let problem: string | undefined;
        assert.ok(timeOf(() => ({ problem } = readProject(folder))) < 1000);
        assert.equal(
            problem,
            "the folder holds more than the 256 MiB that can be delivered (a.py has 51200 MiB); name what engines do not need in .dockerignore, or put large data into the image",
        );
    });

    it("is refused at the first file too many, in a moment", () => {
        const folder = folderWith(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`f${index}`, ""])));
        let problem: string | undefined;
        assert.ok(timeOf(() => ({ problem } = readProject(folder))) < 1000);
        assert.match(problem!, /^the folder holds more than the 1000 files that can be delivered; name what/);
    });

    it("may hold as many files and bytes as the limits are", () => {
        const folder = folderWith({ "a.py": "12", "b.py": "3" });
        assert.equal(readProject(folder, { files: 2, bytes: 3 }).problem, undefined);
        assert.match(readProject(folder, { files: 1, bytes: 3 }).problem!, /more than the 1 files/);
        assert.match(readProject(folder, { files: 2, bytes: 2 }).problem!, /more than the/);
    });

    it("is a problem of the property project, reported once", () => {
        const folder = folderWith({ "a.py": "12" });
        const project = readProject(folder, { files: 0, bytes: 1 });
        const script = { command: undefined, script: "a.py" };
        const problems = problemsOf({ project: folder, master: script, workers: script }, project);
        assert.equal(problems.length, 1);
        assert.ok(problems[0]!.startsWith(`project: ${JSON.stringify(folder)}: the folder holds more than`));
    });
});

describe("what .dockerignore names", () => {
    after(removeFolders);

    const pathsIn = (folder: string) => {
        const { files, problem } = readProject(folder);
        assert.equal(problem, undefined);
        return files.map((file) => file.path);
    };

    it("is not read: neither a dangling link, nor a loop of links, nor a huge file", () => {
        const folder = folderWith({ "a.py": "1", ".dockerignore": ".#*\nloop\nhuge.bin\n" });
        fs.symlinkSync("nowhere", path.join(folder, ".#a.py"));
        fs.symlinkSync("loop", path.join(folder, "loop"));
        fs.writeFileSync(path.join(folder, "huge.bin"), "");
        fs.truncateSync(path.join(folder, "huge.bin"), 50 * 2 ** 30);
        assert.deepEqual(pathsIn(folder), [".dockerignore", "a.py"]);
    });

    for (const pattern of ["data", "data/", "/data", "**/data"]) {
        it(`is not walked through: a folder named by ${pattern}`, () => {
            const folder = folderWith({ "a.py": "1", "data/x": "1", ".dockerignore": `${pattern}\n!data2/x\n` });
            const read: string[] = [];
            const { readdirSync } = fs;
            const watched = ((...args: Parameters<typeof readdirSync>) => {
                read.push(path.relative(folder, args[0] as string));
                return readdirSync(...args);
            }) as unknown as typeof readdirSync;
            Object.assign(fs, { readdirSync: watched });
            try {
                readProject(folder);
            } finally {
                Object.assign(fs, { readdirSync });
            }
            assert.deepEqual(read, [""]);
        });
    }

    it("is still delivered where an exception names it, also by a wildcard", () => {
        const files = { "data/keep/a": "1", "data/b.log": "1", "data/c": "1", "more/d": "1" };
        const ignored = (rules: string) =>
            pathsIn(folderWith({ ...files, ".dockerignore": rules })).filter((file) => file !== ".dockerignore");
        assert.deepEqual(ignored("data\nmore\n!data/keep\n"), ["data/keep/a"]);
        assert.deepEqual(ignored("data\nmore\n!**/*.log\n"), ["data/b.log"]);
        assert.deepEqual(ignored("data\nmore\n!/data/keep/a\n"), ["data/keep/a"]);
        assert.deepEqual(ignored("*\n!more\n"), ["more/d"]);
    });
});

describe("what cannot be read in a project folder", () => {
    after(removeFolders);

    it("is reported in plain words: a loop of links", () => {
        const folder = folderWith({ "a.py": "1" });
        fs.symlinkSync("loop", path.join(folder, "loop"));
        assert.equal(readProject(folder).problem, `${path.join(folder, "loop")} is a link that leads back to itself`);
    });

    it("is reported in plain words: a path that is too long", () => {
        const folder = path.join(folderWith(), "x".repeat(300));
        assert.equal(readProject(folder).problem, `${folder} cannot be read: its path is too long for this machine`);
    });

    it("is reported in plain words: .dockerignore that is a folder or a pipe", () => {
        const folder = folderWith({ ".dockerignore/a": "1", "a.py": "1" });
        assert.equal(readProject(folder).problem, `${path.join(folder, ".dockerignore")} is not a file`);
        const other = folderWith({ "a.py": "1" });
        execFileSync("mkfifo", [path.join(other, ".dockerignore")]);
        assert.equal(readProject(other).problem, `${path.join(other, ".dockerignore")} is not a file`);
    });

    it("is reported in plain words: a file name that is not UTF-8", () => {
        const folder = folderWith({ "a.py": "1" });
        fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff])]), "");
        assert.match(readProject(folder).problem!, /bad\uFFFD has a name that is not UTF-8; rename it$/);
    });

    it("is reported for a script under a link to a folder", () => {
        const folder = folderWith({ "a.py": "1" });
        const elsewhere = folderWith({ "b.py": "1" });
        fs.symlinkSync(elsewhere, path.join(folder, "lib"));
        const master = { command: undefined, script: "lib/b.py" };
        assert.deepEqual(problemsOf({ project: folder, master }, readProject(folder)), [
            'master.script: "lib/b.py" lies in lib, a link to a folder, which is not followed; copy the folder into the project',
        ]);
    });
});
