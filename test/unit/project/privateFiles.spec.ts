import { execFileSync } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { readProject } from "../../../components/project/readProject";
import { folderWith, removeFolders } from "../../helpers/folders";
import { problemsOf } from "../../helpers/problems";

function read(folder: string) {
    const { files, leftOut, problem } = readProject(folder);
    assert.equal(problem, undefined);
    return { files: files.map((file) => file.path), leftOut };
}

describe("what is private in a project folder", () => {
    after(removeFolders);

    it("is left out and named: a history, settings, logins and keys, in any folder", () => {
        const secrets = [".git/config", "app/.env", ".env.local", ".ssh/known_hosts", "keys/server.pem", "id_ed25519"];
        const plain = [".env.example", "id_rsa.pub", "main.py", "monkey.py"];
        const folder = folderWith(Object.fromEntries([...secrets, ...plain].map((file) => [file, "x"])));
        assert.deepEqual(read(folder), {
            files: plain,
            leftOut: [".env.local", ".git", ".ssh", "app/.env", "id_ed25519", "keys/server.pem"],
        });
    });

    it("is delivered where .dockerignore asks for it", () => {
        const rules = "!.env\n!.ssh/config\n";
        const folder = folderWith({ ".dockerignore": rules, ".env": "", ".ssh/config": "", ".ssh/id_rsa": "", a: "" });
        const { files, leftOut } = read(folder);
        assert.deepEqual(files, [".dockerignore", ".env", ".ssh/config", "a"]);
        assert.deepEqual(leftOut, [".ssh"]);
    });

    it("is not named where .dockerignore leaves it out", () => {
        const folder = folderWith({ ".dockerignore": ".git\n.env\n", ".env": "", ".git/config": "", a: "" });
        assert.equal(read(folder).leftOut, undefined);
    });

    it("is a file that only its owner may read, in a folder that others may read", () => {
        const folder = folderWith({ "a.py": "", "password.txt": "" });
        fs.chmodSync(folder, 0o755);
        fs.chmodSync(path.join(folder, "password.txt"), 0o600);
        assert.deepEqual(read(folder), { files: ["a.py"], leftOut: ["password.txt"] });
    });

    it("is no file of a folder in which everything is closed to others", () => {
        const folder = folderWith({ "a.py": "" });
        fs.chmodSync(folder, 0o700);
        fs.chmodSync(path.join(folder, "a.py"), 0o600);
        assert.deepEqual(read(folder), { files: ["a.py"], leftOut: undefined });
    });

    it("is no script", () => {
        const folder = folderWith({ "a.py": "1", ".git/hook.py": "1" });
        const master = { command: undefined, script: ".git/hook.py" };
        assert.deepEqual(problemsOf({ project: folder, master }, readProject(folder)), [
            'master.script: ".git/hook.py" is private by habit, and not delivered; name it in .dockerignore, with a ! before it',
        ]);
    });

    it("is said where nothing else is there", () => {
        const folder = folderWith({ ".env": "" });
        assert.equal(readProject(folder).problem, `the folder ${folder} holds no file but private ones (.env)`);
    });
});

describe("what cannot be delivered of a project folder", () => {
    after(removeFolders);

    it("is a link that leads out of it", () => {
        const folder = folderWith({ "a.py": "" });
        const link = path.join(folder, "shadow.py");
        fs.symlinkSync("/etc/hostname", link);
        assert.equal(
            readProject(folder).problem,
            `${link} is a link out of the folder, to /etc/hostname; copy that file into the folder, or name the link in .dockerignore`,
        );
        fs.writeFileSync(path.join(folder, ".dockerignore"), "shadow.py\n");
        assert.deepEqual(read(folder).files, [".dockerignore", "a.py"]);
    });

    it("is a link to a folder beside it whose name begins with its own", () => {
        const folder = folderWith({ "a.py": "" });
        fs.mkdirSync(`${folder}-more`);
        fs.writeFileSync(`${folder}-more/b.py`, "");
        fs.symlinkSync(`${folder}-more/b.py`, path.join(folder, "b.py"));
        assert.match(readProject(folder).problem!, /is a link out of the folder/);
        fs.rmSync(`${folder}-more`, { recursive: true });
    });

    it("is a pipe", () => {
        const folder = folderWith({ "a.py": "" });
        execFileSync("mkfifo", [path.join(folder, "pipe")]);
        assert.equal(
            readProject(folder).problem,
            `${path.join(folder, "pipe")} is a pipe, a socket or a device, which cannot be delivered; remove it, or name it in .dockerignore`,
        );
    });
});
