import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { removeFolders } from "../../helpers/folders";
import { PoolSession } from "./session";

describe("launch_workers", function () {
    this.timeout(90_000);
    let session: PoolSession;

    before(async () => {
        session = await PoolSession.running(2, {
            "worker.py": `import os, sys\nprint("worker", os.environ["RANK"], os.environ["A"], len(os.environ["CDSW_SESSION_KEY"]))`,
            "fails.py": `print("first line")\nraise SystemExit("last line")`,
            "sub/-c.py": `import os; print("in", os.getcwd())`,
        });
        fs.symlinkSync("/etc/hostname", path.join(session.folder, "link.py"));
        fs.symlinkSync("worker.py", path.join(session.folder, "inner.py"));
    });

    after(async () => {
        await session.close();
        removeFolders();
    });

    /** Launches one worker, waits for its end, and gives its dict. */
    const run = (what: string): Promise<any> =>
        session.python(`
            found = cdsw.await_workers(cdsw.launch_workers(n=1, cpu=0.2, memory=0.5, ${what}), timeout_seconds=15)
            result = (found["workers"] + found["failures"])[0]`);
    /** The text of the error of a call. */
    const errorOf = (call: string): Promise<string> =>
        session.python(`
            try:
                ${call}
            except cdsw.Error as error:
                result = str(error)`);

    it("returns dicts at once and runs the script on engines of the pool, in their environment and that of `env`", async () => {
        const { launched, found, all } = await session.python(`
            launched = cdsw.launch_workers(n=2, cpu=0.2, memory=0.5, script="worker.py", env={"A": 7})
            found = cdsw.await_workers(launched)
            result = {"launched": launched, "found": found, "all": cdsw.list_workers()[-2:]}`);
        assert.deepEqual(
            launched.map((worker: any) => [worker.status, worker.ip_address, worker.app_url, worker.running_at]),
            Array(2).fill(["scheduling", "unknown", "unknown", null]),
        );
        assert.deepEqual(found.failures, []);
        assert.deepEqual(found.workers, all);
        const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
        for (const [index, worker] of found.workers.entries()) {
            assert.equal(worker.id, launched[index].id);
            assert.match(worker.created_at, time);
            assert.match(worker.running_at, time);
            assert.match(worker.finished_at, time);
            assert.equal(typeof worker.duration, "number");
            const { status, exit_code, ip_address, app_url } = worker;
            assert.deepEqual(
                [status, exit_code, ip_address, app_url],
                ["succeeded", 0, "127.0.0.1", "http://127.0.0.1:8090/"],
            );
        }
        assert.match(String(session.agents[0]!.output), /^worker 1 7 64$/m);
        assert.match(String(session.agents[1]!.output), /^worker 2 7 64$/m);
    });

    it("tells a worker that failed on the console of the master and in its dict: worker, exit code and last lines", async () => {
        const worker = await run(`script="fails.py"`);
        assert.deepEqual([worker.status, worker.exit_code], ["failed", 1]);
        assert.equal(worker.message, "its program ended with exit code 1");
        assert.deepEqual(worker.last_lines, ["first line", "last line"]);
        await session.launcher.prints(
            /^cdsw: worker [12] failed: its program ended with exit code 1 \(fails\.py, id \w+\)\. Its last lines:\n {4}first line\n {4}last line$/m,
        );
    });

    it("names the signal that ended a program", async () => {
        const worker = await run(`code="import os; os.kill(os.getpid(), 11)"`);
        assert.deepEqual([worker.exit_code, worker.message], [139, "its program was ended by signal 11"]);
    });

    it("runs code, with files of the project as modules, and a command of the shell after a !", async () => {
        const python = await run(`code="import fails"`);
        assert.deepEqual(python.last_lines, ["first line", "last line"]);
        const shell = await run(`code="!echo $0 $RANK | cut -c 1-2; exit 4"`);
        assert.deepEqual([shell.last_lines, shell.exit_code], [["sh"], 4]);
    });

    it("lets script win over code, with a warning", async () => {
        const [text, worker] = await session.python(`
            import warnings
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                launched = cdsw.launch_workers(1, 0.2, 0.5, script="sub/-c.py", code="raise SystemExit(9)")
            result = [str(caught[0].message), cdsw.await_workers(launched)["workers"][0]]`);
        assert.match(text, /code is ignored/);
        assert.deepEqual(worker.last_lines, [`in ${session.folder}`]);
    });

    it("accepts a name and the parameters that have no effect", async () => {
        const worker = await run(
            `code="!true", name="Dask", env="", nvidia_gpu=0, accelerator_label_id=1, resource_profile_id=2, resource_group_id=3`,
        );
        assert.deepEqual([worker.name, worker.status], ["Dask", "succeeded"]);
    });

    for (const [what, script, reason] of [
        [
            "that the project does not have",
            "none.py",
            /^the project has no script 'none\.py' \(searched in .*session-test-/,
        ],
        ["that is a folder", "sub", /^the project has no script 'sub'/],
        ["with an absolute path", "/etc/hostname", /^the script '\/etc\/hostname' is outside the project/],
        ["above the project", "sub/../../x.py", /^the script 'sub\/\.\.\/\.\.\/x\.py' is outside the project/],
        ["that a link leads out to", "link.py", /^the script 'link\.py' is a link that leads out of the project/],
        ["with a zero byte", "a\\0b.py", /^the script 'a\\x00b\.py' is outside the project/],
    ] as const) {
        it(`runs no script ${what}`, async () => {
            const worker = await run(`script="${script}"`);
            assert.deepEqual([worker.status, worker.exit_code], ["failed", null]);
            assert.match(worker.message, reason);
        });
    }

    it("runs a script by a link that stays in the project", async () => {
        assert.equal((await run(`script="inner.py", env={"A": "x"}`)).status, "succeeded");
    });

    it("fails a worker whose kernel the image lacks", async () => {
        const worker = await run(`code="1", env={"PATH": "/nowhere"}, kernel="r"`);
        assert.deepEqual([worker.status, worker.message], ["failed", "the image of the engine has no Rscript"]);
    });

    it("takes the kernel from the script's extension", async () => {
        fs.writeFileSync(path.join(session.folder, "x.R"), "1");
        assert.equal(
            (await run(`script="x.R", env={"PATH": "/nowhere"}`)).message,
            "the image of the engine has no Rscript",
        );
    });

    it("fails a worker whose code is longer than a command may be", async () => {
        const worker = await run(`code="#" * 200000`);
        assert.deepEqual(
            [worker.status, worker.message],
            ["failed", "python3 cannot start: [Errno 7] Argument list too long: 'python3'"],
        );
    });

    it("fails a worker whose R code is longer than Rscript takes, which would run none of it and end with 0", async () => {
        const worker = await run(`code="#" * 9001, kernel="r"`);
        assert.deepEqual(
            [worker.status, worker.message],
            ["failed", "Rscript takes no more than 9000 bytes of code: put it in a script"],
        );
    });

    for (const [what, args, sentence] of [
        [
            "more cpu than declared",
            `n=1, cpu=2, memory=0.5, code="1"`,
            "launch_workers asks for cpu=2, but an engine of the pool has 0.2 cores: ask for less, or raise workers.cpu in the declaration of the session.",
        ],
        [
            "more memory than declared",
            `n=1, cpu=0.2, memory=0.6, code="1"`,
            "launch_workers asks for memory=0.6, but an engine of the pool has 0.5 GiB: ask for less, or raise workers.memory in the declaration of the session.",
        ],
        [
            "more GPUs than declared",
            `n=1, cpu=0.2, memory=0.5, nvidia_gpu=1, code="1"`,
            "launch_workers asks for nvidia_gpu=1, but an engine of the pool has 0 GPUs: ask for less, or raise workers.nvidiaGpu in the declaration of the session.",
        ],
        ["no engine", `n=0, cpu=0.2, memory=0.5, code="1"`, "n is 0; allowed are 1 to 10000."],
        ["a billion engines", `n=10**9, cpu=0.2, memory=0.5, code="1"`, "n is 1000000000; allowed are 1 to 10000."],
        ["no cpu", `n=1, cpu=0, memory=0.5, code="1"`, "cpu is 0; it must be larger than 0."],
        [
            "a memory that is no number",
            `n=1, cpu=0.2, memory=float("nan"), code="1"`,
            "memory is nan; it must be larger than 0.",
        ],
        ["neither script nor code", `n=1, cpu=0.2, memory=0.5`, "script and code are both empty; give one of them."],
        [
            "an unknown kernel",
            `n=1, cpu=0.2, memory=0.5, code="1", kernel="scala"`,
            "The kernel 'scala' is unknown; known are python3 and r.",
        ],
        [
            "an impossible variable",
            `n=1, cpu=0.2, memory=0.5, code="1", env={"A=B": 1}`,
            "env['A=B'] is no environment variable: the name holds no '=', and neither holds a zero byte.",
        ],
        ["a text as n", `n="2", cpu=0.2, memory=0.5, code="1"`, "the field 'n' has the wrong type, str"],
        [
            "2 MB of code",
            `n=1, cpu=0.2, memory=0.5, code="#" * 2000000`,
            "a message has 2000119 bytes; at most 1048576 are allowed.",
        ],
    ] as const) {
        it(`refuses ${what} with one sentence`, async () => {
            assert.equal(await errorOf(`cdsw.launch_workers(${args})`), sentence);
        });
    }

    it("serves processes that launch at once", async () => {
        const launched = await Promise.all(
            Array.from({ length: 4 }, () =>
                session.python(`
                    found = cdsw.await_workers(cdsw.launch_workers(3, 0.2, 0.5, code="!true"))
                    result = [worker["id"] for worker in found["workers"]]`),
            ),
        );
        assert.equal(new Set(launched.flat()).size, 12);
    });

    it("starts the first line of a program within 0.5 s on an idle pool", async () => {
        const seconds = await session.python(`
            result = []
            for _ in range(3):
                start = time.time()
                worker = cdsw.launch_workers(1, 0.2, 0.5, code="import time; print(time.time(), flush=True)")
                result.append(float(cdsw.await_workers(worker)["workers"][0]["last_lines"][0]) - start)`);
        console.log(
            `        from launch_workers to the first line: ${seconds.map((s: number) => s.toFixed(3)).join(", ")} s`,
        );
        assert.ok(Math.min(...seconds) < 0.5);
    });

    it("serves 1,000 launches in a row", async () => {
        const [seconds, succeeded] = await session.python(`
            start = time.time()
            ids = [cdsw.launch_workers(1, 0.2, 0.5, code="!true")[0]["id"] for _ in range(1000)]
            seconds = time.time() - start
            result = [seconds, len(cdsw.await_workers(ids, timeout_seconds=0)["workers"])]`);
        console.log(`        1,000 launches: ${seconds.toFixed(1)} s`);
        assert.equal(succeeded, 1000);
    });

    it("can launch from a worker too", async () => {
        const worker = await run(`code="import cdsw; print(len(cdsw.launch_workers(1, 0.2, 0.5, code='!true')))"`);
        assert.deepEqual(worker.last_lines, ["1"]);
    });

    it("fails outside a session with one sentence that says what is missing", async () => {
        const outside = await PoolSession.of({}, { CDSW_MASTER_IP: "" });
        await assert.rejects(
            outside.python("cdsw.launch_workers(2, 0.2, 0.5, code='1')"),
            /Error: This program runs outside a session, because CDSW_MASTER_IP is not set: .*DistributedSession only\.$/m,
        );
    });

    it("fails in a session without a pool with one sentence that says so", async () => {
        const without = await PoolSession.of({}, { CDSW_SESSION_KEY: "" });
        await assert.rejects(
            without.python("cdsw.list_workers()"),
            /Error: This session has no pool of workers, .*declare `workers` without script, code and command\.$/m,
        );
    });

    it("says that no launcher answers", async () => {
        const without = await PoolSession.of();
        await assert.rejects(
            without.python("cdsw.list_workers()"),
            /The launcher of this session cannot be reached: .*refused/,
        );
    });
});
