import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { onBothBackends } from "./support/columns";
import { employs, pool } from "./support/pool";
import { TestSession, destroySessions } from "./support/session";

const prints = `import os; print("key", os.environ["CDSW_SESSION_KEY"], flush=True)`;

/** Asks the launcher of another session for work to do or to launch, with the key of one's own. */
const intrude = (master: string) => `
import os
os.environ["CDSW_MASTER_IP"] = os.environ["CML_MASTER_IP"] = "${master}"
import cdsw
cdsw.launch_workers(n=1, cpu=0.5, memory=0.125, code="print('intruded')")
`;

onBothBackends("the key of a session with a pool", function (backend) {
    after(destroySessions);

    let session: TestSession;
    let output: string;
    let key: string;
    before(async () => {
        session = await TestSession.create(backend, {
            master: employs(`${prints}
cdsw.await_workers(cdsw.launch_workers(n=1, cpu=0.5, memory=0.125, code=${JSON.stringify(prints)}))
time.sleep(3600)
`),
            workers: pool(1),
        });
        ({ output } = await session.up());
        key = (await session.shell("master", "echo $CDSW_SESSION_KEY")).trim();
        assert.match(key, /^[0-9a-f]{64}$/);
        assert.equal(await session.shell("worker-1", "echo $CDSW_SESSION_KEY"), key);
    });

    it("is in no output of up, no state and no output of the stack in plain text, though engines print it", async () => {
        assert.match(output, /key \[secret\]/);
        assert.equal(output.includes(key), false);
        const { stack } = session;
        for (const command of [
            ["stack", "export"],
            ["stack", "output"],
        ]) {
            assert.equal((await stack.pulumi(...command)).output.includes(key), false);
        }
        const files = fs.readdirSync(stack.folder, { recursive: true, withFileTypes: true });
        for (const { parentPath, name } of files.filter((entry) => entry.isFile())) {
            const text = fs.readFileSync(path.join(parentPath, name), "utf8");
            assert.equal(text.includes(key) || text.includes(Buffer.from(key).toString("base64")), false, name);
        }
    });

    it("stays the same when the engines are replaced", async () => {
        const { workers } = await session.stack.outputs();
        const master = (await session.stack.resources()).find(({ urn }) => urn.endsWith("::session-master"));
        await session.up("--replace", master.urn);
        assert.notEqual((await session.stack.outputs()).workers[0].id, workers[0].id);
        assert.equal(await session.shell("worker-1", "echo $CDSW_SESSION_KEY"), key);
    });

    it("keeps out the engines of other sessions, which have another", async () => {
        const other = await TestSession.create(backend, { master: employs("time.sleep(3600)"), workers: pool(1) });
        await other.up();
        assert.notEqual(await other.shell("master", "echo $CDSW_SESSION_KEY"), key);
        const { masterIp } = await session.stack.outputs();
        const { text, exitCode } = await other.exec("worker-1", "timeout", "20", "python3", "-c", intrude(masterIp));
        assert.notEqual(exitCode, 0, text);
        // The same with the key of nobody, in the session's own network.
        const forged = `import os; os.environ["CDSW_SESSION_KEY"] = "0" * 64\n${intrude(masterIp)}`;
        const inside = await session.exec("worker-1", "python3", "-c", forged);
        assert.notEqual(inside.exitCode, 0);
        assert.match(inside.text, /key/);
        const listed = await session.exec("master", "python3", "-c", "import cdsw; print(len(cdsw.list_workers()))");
        assert.equal(listed.text.trim(), "1");
    });
});
