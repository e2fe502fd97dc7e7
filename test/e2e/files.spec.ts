import assert from "node:assert/strict";
import * as crypto from "crypto";
import * as fs from "fs";
import * as path from "path";
import { folderWith, removeFolders } from "../helpers/folders";
import { TestSession, destroySessions, idle } from "./support/session";

describe("the project's files", function () {
    this.timeout(180_000);
    const binary = crypto.randomBytes(300_000);
    let folder: string;
    let session: TestSession;
    const config = () => ({
        project: folder,
        master: { ...idle, command: undefined, script: "master.py" },
        workers: { ...idle, command: undefined, script: "tools/worker.py", n: 2 },
    });

    before(async () => {
        folder = folderWith({
            "master.py": "import time\ntime.sleep(3600)\n",
            "tools/worker.py": "import time\ntime.sleep(3600)\n",
            "tools/run me": "#!/bin/sh\necho it runs\n",
            "data/binary": binary,
            "data/empty": "",
            "data/grüße 😀.txt": "hello\n",
            "big.bin": "left out",
            ".dockerignore": "big.bin\n",
        });
        fs.chmodSync(path.join(folder, "tools/run me"), 0o755);
        fs.symlinkSync("../master.py", path.join(folder, "data/link.py"));
        session = await TestSession.create(config());
        await session.up();
    });
    after(async () => {
        await destroySessions();
        removeFolders();
    });

    async function inEngine(name: string, script: string): Promise<string> {
        return (await session.host.exec((await session.engines()).get(name)!.Id, "sh", "-c", script)).text.trim();
    }

    for (const engine of ["master", "worker-1", "worker-2"]) {
        it(`are the same in ${engine}: names, content and run bits`, async () => {
            const files = await inEngine(
                engine,
                "cd /home/cdsw && find . -type f -not -name '.bash*' -not -name .profile | sort",
            );
            assert.deepEqual(
                files.split("\n").sort(),
                [
                    "./.dockerignore",
                    "./data/binary",
                    "./data/empty",
                    "./data/grüße 😀.txt",
                    "./data/link.py",
                    "./master.py",
                    "./tools/run me",
                    "./tools/worker.py",
                ].sort(),
            );
            const sum = crypto.createHash("sha256").update(binary).digest("hex");
            assert.equal(await inEngine(engine, "sha256sum < /home/cdsw/data/binary"), `${sum}  -`);
            assert.equal(await inEngine(engine, "'/home/cdsw/tools/run me'"), "it runs");
            assert.equal(await inEngine(engine, "test -x /home/cdsw/master.py || echo no"), "no");
            assert.equal(await inEngine(engine, "cat /home/cdsw/data/gr*"), "hello");
        });
    }

    it("travel without a mount of this machine's folders", async () => {
        for (const info of (await session.engines()).values()) {
            assert.deepEqual(info.Mounts, []);
        }
    });

    it("replace the workers alone when their script changes, and everything when the master's does", async () => {
        const ids = async () => new Map([...(await session.engines())].map(([name, info]) => [name, info.Id]));
        const before = await ids();
        fs.appendFileSync(path.join(folder, "tools/worker.py"), "# changed\n");
        await session.up();
        const after = await ids();
        assert.equal(after.get("master"), before.get("master"));
        assert.notEqual(after.get("worker-1"), before.get("worker-1"));
        assert.match(await inEngine("worker-1", "cat /home/cdsw/tools/worker.py"), /# changed/);
        await session.assertAtRest();

        fs.appendFileSync(path.join(folder, "master.py"), "# changed\n");
        await session.up();
        assert.notEqual((await ids()).get("master"), before.get("master"));
        assert.notEqual((await ids()).get("worker-1"), after.get("worker-1"));
    });
});
