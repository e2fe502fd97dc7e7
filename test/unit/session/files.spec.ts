import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { deploySession, find } from "../../helpers/session";
import { folderWith, removeFolders } from "../../helpers/folders";

describe("the files of a session", () => {
    let project: string;
    const scripts = {
        master: { command: undefined, script: "master.py" },
        workers: { n: 1, command: undefined, script: "worker.py" },
    };

    beforeEach(() => (project = folderWith({ "master.py": "m", "worker.py": "w", "data/run me.sh": "d" })));
    after(removeFolders);

    async function inputs() {
        const deployment = await deploySession({ project, ...scripts });
        return [find(deployment, "s-master").inputs, find(deployment, "s-worker-1").inputs];
    }

    function write(file: string, content: string): void {
        fs.writeFileSync(path.join(project, file), content);
    }

    it("are uploaded to every engine, each with its run bit, and with a hash where a change replaces the engine", async () => {
        fs.chmodSync(path.join(project, "data/run me.sh"), 0o755);
        const [master, worker] = await inputs();
        const upload = (file: string, permissions: string, sourceHash?: string) => ({
            file: `/home/cdsw/${file}`,
            source: path.join(project, file),
            permissions,
            ...(sourceHash === undefined ? {} : { sourceHash }),
        });
        const folder = { file: "/home/cdsw/data/", source: os.devNull, permissions: "0777" };
        // SHA-256 of "d", "m" and "w".
        const d = "18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4";
        const m = "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a";
        const w = "50e721e49c013f00c62cf59f2163542a9d8df02464efeb615d31051b0fddc326";
        assert.deepEqual(master!.uploads, [
            upload("data/run me.sh", "0755", d),
            upload("master.py", "0644", m),
            upload("worker.py", "0644"),
            folder,
        ]);
        assert.deepEqual(worker!.uploads, [
            upload("data/run me.sh", "0755", d),
            upload("master.py", "0644"),
            upload("worker.py", "0644", w),
            folder,
        ]);
    });

    it("may change in the workers' script without a change of the master", async () => {
        const [masterBefore, workerBefore] = await inputs();
        write("worker.py", "another");
        const [masterAfter, workerAfter] = await inputs();
        assert.deepEqual(masterAfter, masterBefore);
        assert.notDeepEqual(workerAfter!.uploads, workerBefore!.uploads);
    });

    it("may change in the master's script and then change the master's inputs alone", async () => {
        const [masterBefore, workerBefore] = await inputs();
        write("master.py", "another");
        const [masterAfter, workerAfter] = await inputs();
        assert.notDeepEqual(masterAfter!.uploads, masterBefore!.uploads);
        // The workers follow all the same, because the new master has another id.
        assert.deepEqual(workerAfter, workerBefore);
    });

    it("may change in what all share, and then change every engine", async () => {
        const before = await inputs();
        write("data/run me.sh", "another");
        const after = await inputs();
        assert.notDeepEqual(after[0]!.uploads, before[0]!.uploads);
        assert.notDeepEqual(after[1]!.uploads, before[1]!.uploads);
    });

    it("name the project after its folder", async () => {
        const [master] = await inputs();
        assert.ok(master!.envs.includes(`CDSW_PROJECT=${path.basename(project)}`));
    });
});
