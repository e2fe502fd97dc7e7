import assert from "node:assert/strict";
import { onBothBackends, onEachBackend } from "./support/columns";
import { TestBackend } from "./support/backends";
import { TestSession, destroySessions, small } from "./support/session";

/** Runs an example to its end: with workers that have the script, or with a pool, whose master launches them. */
async function converse(backend: TestBackend, project: string, ending: string, kind?: "pool"): Promise<any> {
    const session = await TestSession.create(backend, {
        project,
        // R needs more memory than Python.
        master: { ...small, memory: 0.25, script: `master.${ending}`, ports: [6000] },
        workers: { ...small, memory: 0.5, n: 2, ...(kind === "pool" ? {} : { script: `worker.${ending}` }) },
        wait: "completed",
    });
    await session.up();
    return session.stack.outputs();
}

onEachBackend("the example in Python", function (backend, itOnce) {
    afterEach(destroySessions);

    itOnce("has the master hear from every worker, and every worker hear from the master", async () => {
        const { master, workers } = await converse(backend, "examples/hello-python", "py");
        const heard = master.logs.trim().split("\n").sort();
        assert.deepEqual(heard, ["Master received: Hello from worker 1", "Master received: Hello from worker 2"]);
        for (const { logs } of workers) {
            assert.match(logs, /^Worker received: Hello [\d.]+ from the master\n$/);
        }
    });
});

onBothBackends("the example in R", function (backend) {
    afterEach(destroySessions);

    it("has the master hear from every worker, and every worker hear from the master", async () => {
        const { master, workers } = await converse(backend, "examples/hello-r", "r");
        assert.equal(master.logs.match(/Master received: Hello from worker [12]/g)?.length, 2, master.logs);
        for (const { logs } of workers) {
            assert.match(logs, /Worker received: Hello/);
        }
    });
});

for (const [project, ending] of [
    ["examples/cdsw-python", "py"],
    ["examples/cdsw-r", "r"],
] as const) {
    onEachBackend(`the example ${project}`, function (backend, itOnce) {
        afterEach(destroySessions);

        itOnce("has the master launch two workers, hear from both and answer both", async () => {
            const { master, workers } = await converse(backend, project, ending, "pool");
            // An engine that is free again may run the second piece of work too.
            assert.equal(master.logs.match(/^Master received: Hello from worker [12] ?$/gm)?.length, 2, master.logs);
            const logs = workers.map((worker: { logs: string }) => worker.logs).join("");
            assert.equal(logs.match(/^Worker received: Hello .*from the master ?$/gm)?.length, 2, logs);
        });
    });
}
