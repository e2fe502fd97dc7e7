import assert from "node:assert/strict";
import { TestSession, destroySessions, idle, serve, small } from "./support/session";

describe("an engine", function () {
    this.timeout(120_000);
    let session: TestSession;

    before(async () => {
        const worker = { ...idle, n: 1, cpu: 1.5, memory: 0.25 };
        session = await TestSession.create({ master: serve, workers: worker, docker: { pidsLimit: 64 } });
        await session.up();
    });
    after(destroySessions);

    async function inWorker(script: string): Promise<string> {
        const { text } = await session.host.exec((await session.engines()).get("worker-1")!.Id, "sh", "-c", script);
        return text.trim();
    }

    /** What a control group says, under either version. */
    function cgroup(v1: string, v2: string): Promise<string> {
        return inWorker(`cat /sys/fs/cgroup/${v2} 2>/dev/null || cat /sys/fs/cgroup/${v1}`);
    }

    it("cannot use more CPU or memory than it was given, and no swap", async () => {
        const quota = await cgroup("cpu/cpu.cfs_quota_us", "cpu.max");
        assert.equal(quota.split(" ")[0], "150000");
        assert.equal(await cgroup("memory/memory.limit_in_bytes", "memory.max"), String(256 * 2 ** 20));
        const { HostConfig: limits } = (await session.engines()).get("worker-1")!;
        assert.equal(limits.MemorySwap === limits.Memory || limits.MemorySwap === -1, true);
    });

    it("is told what it was given", async () => {
        const names = ["CDSW_CPU_MILLICORES", "CDSW_MEMORY_MB", "OMP_NUM_THREADS", "MKL_NUM_THREADS"];
        assert.equal(await inWorker(`echo ${names.map((name) => `$${name}`).join(" ")}`), "1500 256 1 1");
    });

    it("has shared memory up to its own limit", async () => {
        assert.equal(await inWorker("df -m /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"), "256");
    });

    it("runs as a user of its own, without capabilities or the way to new ones", async () => {
        const status = await inWorker("cat /proc/self/status");
        assert.match(status, /^Uid:\t1000\t1000/m);
        assert.match(status, /^CapEff:\t0+$/m);
        assert.match(status, /^CapBnd:\t0+$/m);
        assert.match(status, /^NoNewPrivs:\t1$/m);
    });

    it("has an init that reaps", async () => {
        assert.match(await inWorker("cat /proc/1/comm"), /init|tini/);
    });

    it("knows its name, which is its host name", async () => {
        const environment = "for p in /proc/[0-9]*; do grep -q sleep $p/comm && tr '\\0' '\\n' < $p/environ; done";
        assert.equal(
            await inWorker(`${environment} | grep CDSW_ENGINE_ID`),
            `CDSW_ENGINE_ID=${await inWorker("hostname")}`,
        );
    });

    it("cannot have more processes than its limit", async () => {
        assert.equal(await cgroup("pids/pids.max", "pids.max"), "64");
        const fork =
            "import os\nfor _ in range(100):\n    if os.fork() == 0:\n        os.execvp('sleep', ['sleep', '5'])";
        assert.match(await inWorker(`python3 -c "${fork}" 2>&1`), /Resource temporarily unavailable/);
    });
});

describe("an engine that uses too much memory", function () {
    this.timeout(120_000);
    afterEach(destroySessions);

    it("is killed, and named as killed for that", async () => {
        const session = await TestSession.create({
            master: serve,
            workers: { ...small, n: 1, memory: 0.0625, code: "x = bytearray(300_000_000)" },
            wait: "completed",
        });
        const run = await session.failToComeUp();
        assert.match(
            run.output,
            /session-worker-1 was killed because it used more memory than its limit of 64 MiB \(exit code 137\)/,
        );
    });
});
