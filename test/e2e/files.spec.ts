import assert from "node:assert/strict";
import * as crypto from "crypto";
import * as fs from "fs";
import * as path from "path";
import { folderWith, removeFolders } from "../helpers/folders";
import { docker } from "./support/backends";
import { onEachBackend } from "./support/columns";
import { TestSession, destroySessions, idle } from "./support/session";

onEachBackend("the project's files", function (backend, itOnce) {
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
        session = await TestSession.create(backend, config());
        await session.up();
    });
    after(async () => {
        await destroySessions();
        removeFolders();
    });

    for (const engine of ["master", "worker-1", "worker-2"]) {
        itOnce(`are the same in ${engine}: names, content and run bits`, async () => {
            const files = await session.shell(
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
            assert.equal(await session.shell(engine, "sha256sum < /home/cdsw/data/binary"), `${sum}  -`);
            assert.equal(await session.shell(engine, "'/home/cdsw/tools/run me'"), "it runs");
            assert.equal(await session.shell(engine, "test -x /home/cdsw/master.py || echo no"), "no");
            assert.equal(await session.shell(engine, "cat /home/cdsw/data/gr*"), "hello");
        });
    }

    itOnce("travel without a mount of this machine's folders", async () => {
        for (const { hostFolders } of (await session.engines()).values()) {
            assert.deepEqual(hostFolders, []);
        }
    });

    itOnce("leave room for new ones beside them", async () => {
        assert.equal(await session.shell("worker-1", "cd /home/cdsw && echo new > result && cat result"), "new");
    });

    if (backend === docker) {
        it("leave room for new ones in the folders of the project", async () => {
            const script = "cd /home/cdsw && echo new > data/result && mkdir data/more && cat data/result";
            assert.equal(await session.shell("worker-1", script), "new");
        });
    }

    itOnce("replace the workers alone when their script changes, and everything when the master's does", async () => {
        const before = await session.ids();
        fs.appendFileSync(path.join(folder, "tools/worker.py"), "# changed\n");
        await session.up();
        const after = await session.ids();
        assert.equal(after.get("master"), before.get("master"));
        assert.notEqual(after.get("worker-1"), before.get("worker-1"));
        assert.match(await session.shell("worker-1", "cat /home/cdsw/tools/worker.py"), /# changed/);
        await session.assertAtRest();

        fs.appendFileSync(path.join(folder, "master.py"), "# changed\n");
        await session.up();
        assert.notEqual((await session.ids()).get("master"), before.get("master"));
        assert.notEqual((await session.ids()).get("worker-1"), after.get("worker-1"));
    });
});
