import assert from "node:assert/strict";
import * as fs from "fs";
import { folderWith, removeFolders } from "../../helpers/folders";
import { PoolSession, stateOf, until } from "./session";

describe("the output of a worker", function () {
    this.timeout(90_000);
    let session: PoolSession;

    before(async () => {
        session = await PoolSession.running(1, {
            "many.py": `for i in range(100000):\n    print("line", i)\nimport sys; sys.stdout.write("no end")`,
            "bytes.py": `import sys; sys.stdout.buffer.write(bytes(range(256)) * 4)`,
            "long.py": `import sys; sys.stdout.write("x" * 10000000)`,
        });
    });

    after(async () => {
        await session.close();
        removeFolders();
    });

    const run = (what: string): Promise<any> =>
        session.python(`
            found = cdsw.await_workers(cdsw.launch_workers(1, 0.2, 0.5, ${what}))
            result = (found["workers"] + found["failures"])[0]`);

    /** What the agent prints while this goes on. */
    const outputOf = async (what: string): Promise<[Buffer, any]> => {
        const agent = session.agents[0]!;
        const start = agent.output.length;
        const worker = await run(what);
        await run(`code="!echo and then"`);
        await until(
            () => agent.output.subarray(start).includes("and then\n"),
            () => "the next worker's line",
        );
        return [agent.output.subarray(start), worker];
    };

    it("is complete and in order, and a last line without its end stays a line", async () => {
        const [output, worker] = await outputOf(`script="many.py"`);
        const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join("");
        assert.ok(String(output) === `${lines}no end\nand then\n`);
        assert.equal(worker.last_lines.length, 20);
        assert.deepEqual(worker.last_lines.slice(-2), ["line 99999", "no end"]);
    });

    it("may hold any bytes", async () => {
        const [output, worker] = await outputOf(`script="bytes.py"`);
        const bytes = Buffer.concat(Array(4).fill(Buffer.from(Array.from({ length: 256 }, (_, index) => index))));
        assert.ok(output.equals(Buffer.concat([bytes, Buffer.from("\nand then\n")])));
        assert.equal(worker.status, "succeeded");
    });

    it("may be one line of 10 MB, which the last lines cut", async () => {
        const [output, worker] = await outputOf(`script="long.py"`);
        assert.equal(output.length, 10_000_000 + "\nand then\n".length);
        assert.deepEqual(worker.last_lines, ["x".repeat(1000)]);
    });

    it("does not keep a worker whose program left a process outside its group", async () => {
        const worker = await run(`code="!setsid sleep 4 & sleep 0.3; exit 0"`);
        assert.deepEqual([worker.status, worker.duration <= 2], ["succeeded", true]);
    });

    it("leaves no process and no zombie", async () => {
        const child = Number((await run(`code="!sleep 99 & echo $!"`)).last_lines[0]);
        assert.ok([undefined, "Z"].includes(stateOf(child)));
        const pid = session.agents[0]!.child.pid!;
        assert.equal(fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim(), "");
    });

    it("has a program that is killed for memory before its agent, in which case the failure names the property to raise", async () => {
        const adjusted = await run(
            `code="import time; time.sleep(0.2); print(open('/proc/self/oom_score_adj').read())"`,
        );
        assert.equal(adjusted.last_lines[0], "1000");
        const folder = folderWith({ "memory.events": "low 0\noom 1\noom_kill 1\noom_group_kill 0\n" });
        const older = folderWith({ "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n" });
        const [counts, reasons] = await session.python(`
            from cdsw import work
            import os
            real = work.oom_kills
            counts = [real(folder) for folder in (${JSON.stringify(folder)}, ${JSON.stringify(older)}, "/nowhere")]
            work.oom_kills = lambda: real(${JSON.stringify(folder)})
            def reason(code):
                run = {"id": "1", "script": "", "kernel": None, "env": {}, "code": code}
                return work.Work(run, work.Console(2)).wait().reason
            reasons = [reason("!kill -9 $$")]
            reasons.append(reason("!echo oom_kill 2 > ${folder}/memory.events; kill -9 $$"))
            result = [counts, reasons]`);
        assert.deepEqual(counts, [1, 3, 0]);
        assert.deepEqual(reasons, [
            "its program was ended by signal 9",
            "a process of it was killed for memory: the engine has 512 MB; raise workers.memory",
        ]);
    });
});
