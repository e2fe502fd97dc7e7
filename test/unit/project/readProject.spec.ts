import * as crypto from "crypto";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { readProject, formatFileError } from "../../../components/project/readProject";
import { folderWith, removeFolders } from "../../helpers/folders";

function pathsIn(folder: string): string[] {
    return readProject(folder).files.map((file) => file.path);
}

describe("a project folder", () => {
    after(removeFolders);

    it("gives the path, the place, the hash and the size of a file", () => {
        const folder = folderWith({ "sub/deep/a.py": "print(1)" });
        assert.deepEqual(readProject(folder), {
            folder,
            files: [
                {
                    path: "sub/deep/a.py",
                    source: path.join(folder, "sub/deep/a.py"),
                    sha256: crypto.createHash("sha256").update("print(1)").digest("hex"),
                    executable: false,
                    size: 8,
                },
            ],
        });
    });

    it("hashes the bytes of a binary file, also beyond one chunk", () => {
        const bytes = Buffer.alloc((1 << 20) + 3, Buffer.from([0, 255, 10, 13, 128]));
        const [file] = readProject(folderWith({ "model.bin": bytes })).files;
        assert.equal(file!.sha256, crypto.createHash("sha256").update(bytes).digest("hex"));
        assert.equal(file!.size, bytes.length);
    });

    it("notes whether the owner may execute a file", () => {
        const folder = folderWith({ owner: "x", group: "x", nobody: "x" });
        fs.chmodSync(path.join(folder, "owner"), 0o700);
        fs.chmodSync(path.join(folder, "group"), 0o610);
        assert.deepEqual(
            readProject(folder).files.map((file) => [file.path, file.executable]),
            [
                ["group", false],
                ["nobody", false],
                ["owner", true],
            ],
        );
    });

    it("lists files of any name, sorted by path", () => {
        const names = ["b.py", "a b.py", "straße/日本.txt", ".hidden", "a/z", "emptyFile"];
        const folder = folderWith(Object.fromEntries(names.map((name) => [name, name === "emptyFile" ? "" : name])));
        assert.deepEqual(pathsIn(folder), [...names].sort());
    });

    it("follows a link to a file", () => {
        const folder = folderWith({ "a.py": "print(1)" });
        fs.symlinkSync("a.py", path.join(folder, "link.py"));
        const [target, link] = readProject(folder).files;
        assert.equal(link!.path, "link.py");
        assert.equal(link!.sha256, target!.sha256);
    });

    it("does not follow a link to a folder, which may lead back to itself", () => {
        const folder = folderWith({ "a.py": "print(1)" });
        fs.symlinkSync(".", path.join(folder, "loop"));
        assert.deepEqual(pathsIn(folder), ["a.py"]);
    });

    it("leaves empty folders out", () => {
        const folder = folderWith({ "a.py": "print(1)" });
        fs.mkdirSync(path.join(folder, "empty"));
        assert.deepEqual(pathsIn(folder), ["a.py"]);
    });

    it("leaves out what .dockerignore names", () => {
        const files = { "a.py": "", "b.log": "", "sub/c.log": "", "keep.log": "", "data/d": "" };
        const folder = folderWith({ ...files, ".dockerignore": "# comment\n**/*.log\n!keep.log\ndata\n" });
        assert.deepEqual(pathsIn(folder), [".dockerignore", "a.py", "keep.log"]);
    });

    it("is found relative to the folder of the program", () => {
        const folder = folderWith({ "a.py": "" });
        assert.equal(readProject(path.relative(process.cwd(), folder)).folder, folder);
    });
});

describe("a project folder that is none", () => {
    after(removeFolders);

    function problemOf(folder: string): string | undefined {
        const { files, problem } = readProject(folder);
        assert.deepEqual(files, []);
        return problem;
    }

    it("may be missing", () => {
        const folder = path.join(folderWith(), "missing");
        assert.equal(problemOf(folder), `${folder} does not exist`);
    });

    it("may be a file", () => {
        const file = path.join(folderWith({ "a.py": "" }), "a.py");
        assert.equal(problemOf(file), `${file} is not a folder`);
    });

    it("may be empty", () => {
        const folder = folderWith();
        fs.mkdirSync(path.join(folder, "empty"));
        assert.equal(problemOf(folder), `the folder ${folder} holds no file`);
    });

    it("may be empty but for what .dockerignore leaves out", () => {
        const folder = folderWith({ "a.log": "", ".dockerignore": "*" });
        assert.equal(problemOf(folder), `the folder ${folder} holds no file`);
    });

    it("may hold a link that leads nowhere", () => {
        const folder = folderWith({ "a.py": "" });
        fs.symlinkSync("nowhere", path.join(folder, "broken"));
        assert.equal(problemOf(folder), `${path.join(folder, "broken")} does not exist`);
    });

    it("may hold a file that must not be read", () => {
        const error = Object.assign(new Error("EACCES: permission denied, open"), { code: "EACCES", path: "/p/a.py" });
        assert.equal(formatFileError(error), "/p/a.py cannot be read: permission denied");
    });
});
