import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { docker, kubernetes } from "./support/backends";
import { onBothBackends, onlyOn } from "./support/columns";
import { Host } from "./support/docker";
import { TestSession, destroySessions, idle, serve, small } from "./support/session";
import { skip } from "./support/skipping";

/** What a control group says, under either version. */
function cgroup(v1: string, v2: string): string {
    return `cat /sys/fs/cgroup/${v2} 2>/dev/null || cat /sys/fs/cgroup/${v1}`;
}

onBothBackends("an engine", function (backend) {
    let session: TestSession;
    const inWorker = (script: string) => session.shell("worker-1", script);

    before(async () => {
        const worker = { ...idle, n: 1, cpu: 1.5, memory: 0.25 };
        session = await TestSession.create(backend, { master: serve, workers: worker });
        await session.up();
    });
    after(destroySessions);

    it("cannot use more CPU or memory than it was given, and no swap", async () => {
        const quota = await inWorker(cgroup("cpu/cpu.cfs_quota_us", "cpu.max"));
        assert.equal(quota.split(" ")[0], "150000");
        const limit = await inWorker(cgroup("memory/memory.limit_in_bytes", "memory.max"));
        assert.equal(limit, String(256 * 2 ** 20));
        const hasSwap = (await inWorker("wc -l < /proc/swaps")) !== "1";
        const withSwap = await inWorker(cgroup("memory/memory.memsw.limit_in_bytes", "memory.swap.max"));
        assert.ok(!hasSwap || withSwap === "0" || withSwap === limit, withSwap);
    });

    it("has its limits in its environment", async () => {
        const names = ["CDSW_CPU_MILLICORES", "CDSW_MEMORY_MB", "OMP_NUM_THREADS", "MKL_NUM_THREADS"];
        assert.equal(await inWorker(`echo ${names.map((name) => `$${name}`).join(" ")}`), "1500 256 1 1");
    });

    it("has shared memory up to its own limit", async () => {
        assert.equal(await inWorker("df -m /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"), "256");
        assert.equal(await inWorker("echo fits > /dev/shm/file && cat /dev/shm/file"), "fits");
    });

    it("runs as a user of its own, without capabilities or the way to new ones", async () => {
        const status = await inWorker("cat /proc/self/status");
        assert.match(status, /^Uid:\t1000\t1000/m);
        assert.match(status, /^CapEff:\t0+$/m);
        assert.match(status, /^CapBnd:\t0+$/m);
        assert.match(status, /^NoNewPrivs:\t1$/m);
    });

    it("has someone who reaps what programs leave behind", async () => {
        assert.equal(await inWorker("(sleep 0.2 &); sleep 1; grep -l '^State:.Z' /proc/[0-9]*/status"), "");
    });

    it("has programs that stop when they are asked to: they are not process 1", async () => {
        assert.notEqual(await inWorker("cat /proc/1/comm"), "sleep");
    });
});

onlyOn(docker, "an engine with a limit of processes", function (backend) {
    afterEach(destroySessions);

    it("cannot have more of them, from its first instruction", async () => {
        const code = `
import os, time
children = 0
try:
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
        children += 1
except BlockingIOError:
    print(children, "children", flush=True)
    time.sleep(6)
`;
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, n: 1, code },
            wait: "completed",
            docker: { pidsLimit: 64 },
        });
        const { output } = await session.up();
        const [, children] = /(\d+) children/.exec(output) ?? assert.fail(output);
        assert.ok(Number(children) > 32 && Number(children) < 64, children);
        assert.equal(await session.shell("master", cgroup("pids/pids.max", "pids.max")), "64");
    });
});

onlyOn(docker, "a limit of an engine's disk", function (backend) {
    afterEach(destroySessions);

    it("is an error before anything is created where the host can set none", async function () {
        const { Driver, DriverStatus = [] } = await backend.site.docker.info();
        const [, fileSystem] = (DriverStatus as string[][]).find(([name]) => name === "Backing Filesystem") ?? [];
        if (Driver !== "overlay2" || fileSystem === "xfs") {
            skip(this, "the host's storage driver may limit a container");
        }
        const session = await TestSession.create(backend, { master: serve, workers: { ...idle, n: 1, disk: 1 } });
        const { exitCode, output } = await session.stack.preview();
        assert.notEqual(exitCode, 0, output);
        const text = `workers.disk: 1 GiB cannot be the limit of a disk on this host: its storage driver, overlay2 on ${fileSystem}, limits`;
        assert.ok(output.includes(text), output);
    });
});

onlyOn(kubernetes, "an engine with a limit of its disk", function (backend) {
    afterEach(destroySessions);

    it("is evicted when it writes more, and up says so", async () => {
        const code = "open('big', 'wb').write(bytes(60_000_000))\nimport time\ntime.sleep(3600)";
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, n: 1, disk: 20 / 1024, code },
            wait: "completed",
        });
        const run = await session.failToComeUp();
        assert.match(run.output, /session-worker-1 was ended by the cluster: Evicted: .*storage.* limit .*20Mi/);
    });
});

onlyOn(docker, "an engine that prints more than its host keeps", function (backend) {
    afterEach(destroySessions);

    it("keeps the newest of it, and up shows the end", async function () {
        const host = new Host();
        const { DockerRootDir, LoggingDriver } = await host.docker.info();
        if (!fs.existsSync(path.join(DockerRootDir, "containers")) || LoggingDriver !== "json-file") {
            skip(this, "the daemon's log files are out of reach");
        }
        const session = await TestSession.create(backend, {
            master: serve,
            workers: { ...small, n: 1, code: 'for line in range(20_000): print(line, "x" * 100)' },
            wait: "completed",
            docker: { log: { maxFileMib: 1, maxFiles: 2 } },
        });
        const run = await session.up();
        assert.match(run.output, /19999 x+\n/);
        const engines = await host.engines(session.stack.identity());
        const folder = path.dirname(engines.get("worker-1")!.info.LogPath);
        const sizes = fs.readdirSync(folder).map((file) => [file, fs.statSync(path.join(folder, file)).size] as const);
        const logs = sizes.filter(([file]) => file.includes("-json.log"));
        const bytes = logs.reduce((sum, [, size]) => sum + size, 0);
        assert.ok(bytes > 2 ** 20 && bytes < 2.2 * 2 ** 20, JSON.stringify(logs));
        await session.assertAtRest();
    });
});
