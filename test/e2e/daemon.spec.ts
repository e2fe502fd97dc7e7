import assert from "node:assert/strict";
import * as path from "path";
import { engineImage } from "../../components";
import { docker } from "./support/backends";
import { onlyOn } from "./support/columns";
import { LiveContainer } from "./support/docker";
import { eventually } from "./support/eventually";
import { PrivateDaemon, whyNoPrivateDaemon } from "./support/privateDaemon";
import { employs, pool } from "./support/pool";
import { ask, idle, serve } from "./support/session";
import { skip } from "./support/skipping";
import { Stack, projectFolder, toolEnvironment } from "./support/stack";

const program = path.join(__dirname, "programs/explicit-provider");
/** Asks the master for a word. */
const call = `import os, socket; print(socket.create_connection((os.environ["CML_MASTER_IP"], 6000)).recv(9))`;
/** Room for the engine image and little more. */
const diskMib = 2000;

/** Skips the tests of a describe, and says why, where there can be no second daemon. */
function skipWithoutPrivateDaemon(context: Mocha.Context): void {
    const reason = whyNoPrivateDaemon();
    if (reason !== undefined) {
        skip(context, reason);
    }
}

onlyOn(docker, "a remote daemon", function () {
    let daemon: PrivateDaemon;
    let stack: Stack | undefined;

    before(async function () {
        await toolEnvironment();
        skipWithoutPrivateDaemon(this);
        daemon = await PrivateDaemon.start();
        daemon.load(engineImage);
    });
    after(async () => daemon?.remove());
    afterEach(async () => {
        await stack?.remove();
        stack = undefined;
    });

    async function create(config: Record<string, unknown>): Promise<Stack> {
        stack = await Stack.create({ host: daemon.url, ...config }, program);
        // Nothing may reach for the machine's own daemon.
        stack.environment.DOCKER_HOST = "tcp://127.0.0.1:1";
        return stack;
    }

    async function up(created: Stack): Promise<any> {
        const run = await created.up();
        assert.equal(run.exitCode, 0, run.output);
        return created.outputs();
    }

    /** Whether a session's master and its two workers run. */
    async function allRun(created: Stack): Promise<boolean> {
        const engines = [...(await daemon.host.engines(created.identity())).values()];
        return engines.length === 3 && engines.every(({ isRunning }) => isRunning);
    }

    it("that an explicit provider names runs the whole conversation, with files that travel", async () => {
        const created = await create({
            project: path.join(projectFolder, "examples/hello-python"),
            master: { script: "master.py", ports: [6000] },
            workers: { script: "worker.py", n: 2 },
            wait: "completed",
        });
        const { master, workers } = await up(created);
        assert.match(master.logs, /Master received: Hello from worker [12]\nMaster received: Hello from worker [12]\n/);
        assert.equal(workers.length, 2);
        const preview = await created.previewNothing();
        assert.equal(preview.exitCode, 0, preview.output);
    });

    /** A program that was started again listens a moment later. */
    async function untilMasterAnswers(worker: LiveContainer): Promise<void> {
        await eventually("the master's answer", 30_000, async () => {
            const { text } = await daemon.host.exec(worker, "python3", "-c", call);
            return text.includes("b'hello'");
        });
    }

    it("that is restarted brings running engines up again, at the same addresses, without an up", async () => {
        const created = await create({ master: serve, workers: { ...idle, n: 2 }, wait: "running" });
        const before = await up(created);
        await daemon.restart();
        await eventually("all engines", 30_000, () => allRun(created));
        const engines = await daemon.host.engines(created.identity());
        for (const engine of [before.master, ...before.workers]) {
            const live = [...engines.values()].find(({ id }) => id === engine.id)!;
            assert.equal(live.isRunning, true);
            assert.equal(live.ip, engine.ip);
        }
        await untilMasterAnswers(engines.get("worker-1")!);
        assert.deepEqual(await up(created), before);
        const preview = await created.previewNothing();
        assert.equal(preview.exitCode, 0, preview.output);
    });

    it("that is restarted has the master of a pool launch its work again, on the same engines", async () => {
        const created = await create({
            master: employs(`
cdsw.launch_workers(n=2, cpu=0.5, memory=0.125, code="!exec sleep 3600")
time.sleep(1800)
`),
            workers: pool(2),
            wait: "running",
        });
        const before = await up(created);
        const works = async (name: string) => {
            const engine = (await daemon.host.engines(created.identity())).get(name)!;
            const { text } = await daemon.host.exec(engine, "sh", "-c", "cat /proc/[0-9]*/cmdline");
            return text.includes("sleep\x003600");
        };
        const bothWork = async () => (await works("worker-1")) && (await works("worker-2"));
        await eventually("the work", 30_000, bothWork);
        await daemon.restart();
        await eventually("all engines", 30_000, () => allRun(created));
        await eventually("the work again", 60_000, bothWork);
        assert.deepEqual(await up(created), before);
    });

    it("whose machine loses its power brings running engines up again, at the same addresses, without an up", async () => {
        const created = await create({ master: serve, workers: { ...idle, n: 2 }, wait: "running" });
        const before = await up(created);
        await daemon.crash();
        await eventually("all engines", 30_000, () => allRun(created));
        const engines = await daemon.host.engines(created.identity());
        await untilMasterAnswers(engines.get("worker-1")!);
        assert.deepEqual(await up(created), before);
        const preview = await created.previewNothing();
        assert.equal(preview.exitCode, 0, preview.output);
    });

    it("that is restarted leaves finished engines finished", async () => {
        const once = serve.code.replace("while True:", "for _ in range(2):");
        const created = await create({
            master: { ...serve, code: once },
            workers: { ...ask, n: 2 },
            wait: "completed",
        });
        const before = await up(created);
        await daemon.restart();
        assert.deepEqual(await up(created), before);
        const engines = [...(await daemon.host.engines(created.identity())).values()];
        assert.deepEqual(
            engines.filter(({ isRunning }) => isRunning),
            [],
        );
    });

    it("that is restarted in the middle of the work makes up fail and names the workers that it killed", async () => {
        const created = await create({ master: serve, workers: { ...idle, n: 2 }, wait: "completed" });
        const running = created.up();
        for (;;) {
            await new Promise((resolve) => setTimeout(resolve, 500));
            const engines = await daemon.host.engines(created.identity());
            if (engines.get("worker-1")?.isRunning && engines.get("worker-2")?.isRunning) {
                break;
            }
        }
        await new Promise((resolve) => setTimeout(resolve, 2000));
        await daemon.restart();
        const run = await running;
        assert.notEqual(run.exitCode, 0);
        assert.match(run.output, /session-(master|worker-1) ended with exit code (143|137)/);
    });
});

onlyOn(docker, "a daemon with a full disk", function () {
    let daemon: PrivateDaemon;

    before(async function () {
        await toolEnvironment();
        skipWithoutPrivateDaemon(this);
        daemon = await PrivateDaemon.start(diskMib);
        daemon.load(engineImage);
    });
    after(async () => daemon?.remove());

    it("makes a worker that writes fail, with the kernel's words in its last lines", async () => {
        // It makes room again, so that the daemon can write down what it prints.
        const code = `
import os, time
time.sleep(3)
try:
    with open("/home/cdsw/big", "wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 20))
except OSError:
    os.remove("/home/cdsw/big")
    raise
`;
        const config = { host: daemon.url, master: serve, workers: { ...idle, command: undefined, code, n: 1 } };
        const stack = await Stack.create({ ...config, wait: "completed" }, program);
        const free = daemon.fillDisk(50);
        const run = await stack.up();
        free();
        assert.notEqual(run.exitCode, 0);
        assert.match(
            run.output,
            /session-worker-1 ended with exit code 1\. Its last lines:[^]*No space left on device/,
        );
        await stack.remove();
        assert.deepEqual(await daemon.host.leftovers(stack.identity()), []);
    });

    it("ends up with that, and the next up comes up once there is room", async () => {
        const project = path.join(projectFolder, "examples/hello-python");
        const master = { script: "master.py", ports: [6000] };
        const workers = { script: "worker.py", n: 2 };
        const stack = await Stack.create({ host: daemon.url, project, master, workers, wait: "completed" }, program);
        const free = daemon.fillDisk();
        const failed = await stack.up();
        assert.notEqual(failed.exitCode, 0);
        assert.match(failed.output, /no space left on device/);
        free();
        const repaired = await stack.up();
        assert.equal(repaired.exitCode, 0, repaired.output);
        await stack.remove();
        assert.deepEqual(await daemon.host.leftovers(stack.identity()), []);
    });
});
