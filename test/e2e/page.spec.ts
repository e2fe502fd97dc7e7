import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { TestBackend } from "./support/backends";
import { onEachBackend } from "./support/columns";
import { isLarge } from "./support/size";
import { TestSession, destroySessions } from "./support/session";
import { skip } from "./support/skipping";
import { projectFolder } from "./support/stack";

/** Cloudera's scripts, which are no part of this project, lie beside its folder where they are. */
const page = path.join(projectFolder, "../shared/page");
const runs = isLarge ? 50 : 1;

const size = { cpu: 0.2, memory: 0.5 };

/** Runs a pair of the page's scripts as they stand. */
async function converse(backend: TestBackend, ending: string): Promise<{ session: TestSession; outputs: any }> {
    const session = await TestSession.create(backend, {
        project: page,
        master: { ...size, script: `master.${ending}`, ports: [6000] },
        workers: { ...size, n: 2 },
        wait: "completed",
    });
    await session.up();
    return { session, outputs: await session.stack.outputs() };
}

onEachBackend("the scripts of Cloudera's page, unchanged,", function (backend, itOnce) {
    this.timeout(runs * 60_000 + 240_000);
    before(function () {
        if (!fs.existsSync(page)) {
            skip(this, `there is no ${page}`);
        }
    });
    afterEach(destroySessions);

    itOnce("talk in R: the master hears both workers, and both hear the master", async () => {
        for (let run = 1; run <= runs; run++) {
            const { session, outputs } = await converse(backend, "r");
            const { master, workers } = outputs;
            assert.equal(master.logs.match(/"Server received: Hello from Worker"/g)?.length, 2, master.logs);
            for (const { logs, exitCode } of workers) {
                assert.match(logs, /"Worker received: {3}Hello from master!"/);
                assert.equal(exitCode, 0);
            }
            await (run === runs ? session.assertAtRest() : destroySessions());
        }
    });

    itOnce(
        "talk in Python: the master accepts one connection, and the worker that it does not answer fails",
        async () => {
            for (let run = 1; run <= runs; run++) {
                const { session, outputs } = await converse(backend, "py");
                const { master, workers } = outputs;
                assert.match(master.logs, /Master received: b'Hello From Worker!'/);
                const [answered, other] = [...workers].sort((one: any, two: any) => one.exitCode - two.exitCode);
                assert.deepEqual([answered.exitCode, answered.status], [0, "succeeded"]);
                // An engine that joins late finds all work done, and the other ran both pieces.
                assert.match(answered.logs || other.logs, /Worker received: b'Hello From Server!'/);
                assert.deepEqual([other.exitCode, other.status], [1, "failed"]);
                assert.match(other.logs, /Error/);
                await (run === runs ? session.assertAtRest() : destroySessions());
            }
        },
    );
});
