import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Stack } from "./support/stack";

const mostMib = 400;

describe("an error before anything is created", function () {
    this.timeout(120_000);
    let folder: string;
    let stack: Stack;

    beforeEach(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-"));
        stack = await Stack.create({}, path.join(__dirname, "programs/exports"));
        stack.environment.DOCKER_HOST = "tcp://127.0.0.1:1";
    });
    afterEach(async () => {
        await stack.remove();
        fs.rmSync(folder, { recursive: true });
    });

    for (const exports of [[], ["workers"], ["master"], ["masterIp", "workers"]]) {
        const what = exports.length === 0 ? "nothing" : exports.join(" and ");
        it(`is one clean text under the session and takes little memory when the program exports ${what}`, async () => {
            const memoryFile = path.join(folder, "memory");
            stack.configure({ exports, memoryFile });
            const { output, exitCode } = await stack.up();
            assert.notEqual(exitCode, 0);
            const underSession =
                /DistributedSession \(session\):\n +error: The Docker daemon at tcp:\/\/127\.0\.0\.1:1 cannot be reached/g;
            assert.equal(output.match(underSession)?.length, 1, output);
            assert.doesNotMatch(output, /Error:|^ +at /m);
            const mib = Number(fs.readFileSync(memoryFile, "utf8")) / 1024;
            assert.ok(mib < mostMib, `the program took ${mib} MiB`);
        });
    }
});
