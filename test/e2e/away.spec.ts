import assert from "node:assert/strict";
import * as fs from "fs";
import { docker, kubernetes } from "./support/backends";
import { putBehindGate } from "./support/behindGate";
import { giveKubeconfig, kubeconfigToNowhere } from "./support/clusterGuest";
import { onEachBackend, onlyOn } from "./support/columns";
import { eventually } from "./support/eventually";
import { Gate } from "./support/gate";
import { TestSession, ask, destroySessions, idle, serve, small } from "./support/session";

/** How long an `up` puts up with nobody answering, and how long it may take to end then, in seconds. */
const patience = { least: 25, most: 60 };

onEachBackend("a daemon or an API server that is away while up waits", function (backend, itOnce) {
    let session: TestSession;
    let gate: Gate;

    beforeEach(async () => {
        const code = `import time\ntime.sleep(15)\nprint("my work is done")`;
        const config = { master: serve, workers: { ...small, n: 2, code }, wait: "completed" };
        session = await TestSession.create(backend, config);
        gate = await putBehindGate(session.stack, backend);
    });
    afterEach(async () => {
        await gate.restore();
        await destroySessions().finally(() => gate.cut());
    });

    /** Starts an `up`, and shuts the gate when all engines run. */
    async function upThatIsCutOff() {
        const running = session.stack.up();
        await eventually("all engines", 60_000, async () => {
            const engines = [...(await session.engines()).values()];
            return engines.length === 3 && engines.every(({ isRunning }) => isRunning);
        });
        // The program notices the last engine in this time.
        await new Promise((resolve) => setTimeout(resolve, 3000));
        gate.cut();
        return { running, start: Date.now() };
    }

    itOnce("for some seconds is nothing that it minds", async () => {
        const { running } = await upThatIsCutOff();
        await new Promise((resolve) => setTimeout(resolve, 8000));
        await gate.restore();
        const run = await running;
        assert.equal(run.exitCode, 0, run.output);
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ logs }: any) => logs),
            ["my work is done\n", "my work is done\n"],
        );
    });

    itOnce("for longer ends it with that; the engines run on, and the next up finds their results", async () => {
        const { running, start } = await upThatIsCutOff();
        const before = await session.ids();
        const run = await running;
        const seconds = (Date.now() - start) / 1000;
        assert.notEqual(run.exitCode, 0, run.output);
        assert.match(run.output, /(Docker daemon|cluster) .*has not answered for 30 s .*the next pulumi up/);
        assert.doesNotMatch(run.output, /at .*\.[jt]s:\d+|unhandled/);
        assert.ok(seconds > patience.least && seconds < patience.most, `up ended after ${seconds} s`);
        await gate.restore();
        await session.up();
        assert.deepEqual(await session.ids(), before);
        const { workers } = await session.stack.outputs();
        assert.deepEqual(
            workers.map(({ status }: any) => status),
            ["succeeded", "succeeded"],
        );
    });
});

onlyOn(docker, "a master that somebody pauses before it listens", function (backend) {
    let id: string | undefined;
    afterEach(async () => {
        // The daemon does not unpause a container that was paused while a program was being started in it.
        const freezer = `/sys/fs/cgroup/freezer/docker/${id}/freezer.state`;
        if (fs.existsSync(freezer)) {
            fs.writeFileSync(freezer, "THAWED");
        }
        await backend.site.docker
            .getContainer(id!)
            .unpause()
            .catch(() => undefined);
        await destroySessions();
    });

    it("is named as paused within seconds, and ends up within the session's time and half a minute", async () => {
        const master = { ...idle, ports: [6000] };
        const session = await TestSession.create(backend, { master, workers: { ...idle, n: 1 }, timeoutSeconds: 15 });
        const failing = session.failToComeUp();
        await eventually("a master", 60_000, async () => {
            id = (await session.engines()).get("master")?.id;
            return id !== undefined && (await backend.site.docker.getContainer(id).inspect()).State.Running;
        });
        await backend.site.docker.getContainer(id!).pause();
        const start = Date.now();
        const run = await failing;
        assert.match(run.output, /The container session-master-\w+ is paused.*docker unpause session-master-/);
        assert.match(run.output, /did not listen on port 6000 within 15 s; it is paused|is paused .* has not answered/);
        const seconds = (Date.now() - start) / 1000;
        assert.ok(seconds < 15 + 30, `up ended after ${seconds} s`);
    });
});

onlyOn(kubernetes, "a cluster that cannot be reached", function (backend) {
    it("is named, in a preview too, and nothing hangs", async () => {
        const session = await TestSession.create(backend, { master: serve, workers: { ...ask, n: 1 } });
        giveKubeconfig(session, kubeconfigToNowhere());
        for (const run of [await session.failToComeUp(), await session.stack.preview()]) {
            assert.notEqual(run.exitCode, 0);
            assert.match(run.output, /The cluster at https:\/\/127\.0\.0\.1:1 cannot be reached .*set KUBECONFIG/);
            assert.ok(run.seconds < 60, `after ${run.seconds} s`);
        }
        session.stack.environment.KUBECONFIG = process.env.KUBECONFIG;
        await destroySessions();
    });
});
