import assert from "node:assert/strict";
import { oneJob } from "./support/backends";
import { onBothBackends, onEachBackend } from "./support/columns";
import { eventually } from "./support/eventually";
import { TestSession, ask, destroySessions, idle, serve } from "./support/session";

/** How many resources a preview is to change, or an `up` has changed, and how: "2 create", "1 replace". */
function countsIn(output: string): string[] {
    const [, counts] = /^Resources:\n((?: {4}.*\n)+)/m.exec(output)!;
    return [...counts!.matchAll(/(\d+) (?:to )?(\w+?)d?$/gm)].map(([, count, verb]) => `${count} ${verb}`);
}

onEachBackend("a preview", function (backend, itOnce) {
    afterEach(destroySessions);

    itOnce("of a new stack shows every engine, creates nothing and waits for nothing", async () => {
        const config = { master: serve, workers: { ...ask, n: 3 }, wait: "completed" };
        const session = await TestSession.create(backend, config);
        const run = await session.stack.preview();
        assert.equal(run.exitCode, 0, run.output);
        for (const name of ["session-master", ...backend.workerResources(3)]) {
            assert.match(run.output, new RegExp(`${name} create`));
        }
        assert.deepEqual(await session.leftovers(), []);
    });

    itOnce("of a new master shows that every worker is replaced", async () => {
        const config = (code: string) => ({ master: { ...serve, code }, workers: { ...ask, n: 2 }, wait: "completed" });
        const session = await TestSession.create(backend, config(serve.code));
        await session.up();
        session.configure(config(`${serve.code}# changed`));
        const run = await session.stack.preview();
        for (const name of ["session-master", ...backend.workerResources(2)]) {
            assert.match(run.output, new RegExp(`${name} replace`), run.output);
        }
    });

    const config = (n: number, color: string) => ({ master: serve, workers: { ...idle, n, env: { COLOR: color } } });
    /** Removes a worker; a Job recreates it by itself, and the session is then as it was. */
    async function removeWorker(session: TestSession): Promise<void> {
        await session.removeEngine("worker-2");
        if (backend === oneJob) {
            await eventually("another Pod of the Job", 60_000, async () => (await session.ids()).has("worker-2"));
        }
    }

    const states: [string, (session: TestSession) => void | Promise<void>][] = [
        ["more workers", (session) => session.configure(config(3, "red"))],
        ["other workers", (session) => session.configure(config(3, "blue"))],
        ["a worker that somebody removed", (session) => removeWorker(session)],
        ["a master that somebody removed", (session) => session.removeEngine("master")],
        ["fewer workers", (session) => session.configure(config(1, "blue"))],
    ];

    it("shows what the up after it does, and changes nothing itself, whatever became of the session", async () => {
        const session = await TestSession.create(backend, config(1, "red"));
        await session.up();
        for (const [state, bring] of states) {
            await bring(session);
            const before = await session.ids();
            const preview = await session.stack.preview();
            assert.equal(preview.exitCode, 0, preview.output);
            assert.deepEqual(await session.ids(), before, state);
            const up = await session.up();
            assert.deepEqual(countsIn(preview.output), countsIn(up.output), `${state}:\n${preview.output}${up.output}`);
        }
    });
});

/** Settings of one backend that are wrong, and what is said of them. */
const wrongOptions: Record<string, { options: object; line: RegExp }> = {
    "docker:": {
        options: { docker: { subnet: "10.0.0.1/8" } },
        line: /docker\.subnet: "10\.0\.0\.1\/8" is not a private IPv4 subnet/,
    },
    "kubernetes:": {
        options: { kubernetes: { workers: "Threads" } },
        line: /kubernetes\.workers: "Threads" is not one of "Pods", "IndexedJob"/,
    },
};

onBothBackends("bad arguments", function (backend) {
    afterEach(destroySessions);

    it("are reported all at once, with property, value and what is allowed, and nothing is created", async () => {
        const { options, line: ownLine } = wrongOptions[backend.typePrefix]!;
        const session = await TestSession.create(backend, {
            name: "Hello",
            project: "examples/hello-r",
            master: { ...serve, cpu: 0, ports: [0, 6000, 6000], env: { RANK: "1" } },
            workers: { n: -1, script: "worker.py", memory: 0.001 },
            wait: "forever",
            ...options,
        });
        for (const run of [await session.stack.preview(), await session.stack.up()]) {
            assert.notEqual(run.exitCode, 0);
            for (const line of [
                /name: "Hello" \(5 characters\) is not at most 40 lower-case letters/,
                /master\.cpu: 0 is not a number of cores from 0\.01 to/,
                /master\.ports\[0\]: 0 is not a port from 1 to 65535/,
                /master\.ports\[2\]: 6000 is listed twice/,
                /master\.env\.RANK: "RANK" is set by the session itself/,
                /workers\.n: -1 is not a whole number from 0 to/,
                /workers\.script: "worker\.py" is not a file in the project folder/,
                /workers\.memory: 0\.001 is not a number of GiB from 6\/1024/,
                /wait: "forever" is not one of "none", "running", "completed"/,
                ownLine,
            ]) {
                assert.match(run.output, line);
            }
            assert.doesNotMatch(run.output, /at .*\.[jt]s:\d+/);
        }
        const created = (await session.stack.resources()).map(({ type }) => type);
        assert.deepEqual(
            created.filter((type) => type.startsWith(backend.typePrefix)),
            [],
        );
    });
});
