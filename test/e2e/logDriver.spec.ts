import assert from "node:assert/strict";
import * as path from "path";
import { docker } from "./support/backends";
import { onlyOn } from "./support/columns";
import { idle, small } from "./support/session";
import { Stack } from "./support/stack";

const program = path.join(__dirname, "programs/no-logs");

onlyOn(docker, "a log driver that cannot be read", function () {
    this.timeout(120_000);
    let stack: Stack | undefined;
    afterEach(async () => {
        await stack?.remove();
        stack = undefined;
    });

    it("lets up go on, with one warning, and a failure says that the output cannot be read", async () => {
        const worker = { ...small, n: 2, command: ["sh", "-c", 'exit "$(( RANK == 2 ? 3 : 0 ))"'] };
        stack = await Stack.create({ master: idle, workers: worker, onWorkerFailure: "report" }, program);
        const run = await stack.up();
        assert.equal(run.exitCode, 0, run.output);
        assert.match(run.output, /session-worker-2 ended with exit code 3\. Its output cannot be read/);
        const warnings = run.output.match(/What the engines print is not shown: .* does not support reading/g) ?? [];
        // Pulumi shows a warning while it runs, and again at the end.
        assert.equal(new Set(warnings).size, 1, run.output);
        assert.ok(warnings.length <= 2, run.output);
    });
});
