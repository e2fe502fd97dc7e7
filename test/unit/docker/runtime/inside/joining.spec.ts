import type Docker from "dockerode";
import assert from "node:assert/strict";
import { Readable } from "stream";
import { JoinChecks } from "../../../../../components/docker/runtime/inside/joining";
import { frame } from "../../../../helpers/frames";

/** A run of a check: how it ends, or that it never does, or the status by which the daemon refuses it. */
type Run = { prints: string; exitCode: number } | "hangs" | { statusCode: number };

/** A host whose container gives these runs, one after the other, and may end after them. */
function dockerWith(runs: Run[], isEnding = false) {
    const seen = { started: 0, together: 0, most: 0, hangs: false };
    const exec = () => {
        const run = runs[Math.min(seen.started++, runs.length - 1)]!;
        if (typeof run === "object" && "statusCode" in run) {
            return Promise.reject(Object.assign(new Error("container c is paused"), run));
        }
        seen.most = Math.max(seen.most, ++seen.together);
        seen.hangs = run === "hangs";
        const start = ({ abortSignal }: { abortSignal: AbortSignal }) =>
            run === "hangs"
                ? new Promise((_, reject) => abortSignal.addEventListener("abort", () => reject(new Error("aborted"))))
                : new Promise((resolve) => setTimeout(() => resolve(Readable.from([frame(run.prints)])), 20));
        const inspect = () => {
            seen.together -= run === "hangs" ? 0 : 1;
            return Promise.resolve({ ExitCode: run === "hangs" ? null : run.exitCode, Running: seen.hangs });
        };
        return Promise.resolve({ start, inspect });
    };
    const inspect = () => {
        const Running = !(isEnding && seen.started >= runs.length);
        return Promise.resolve({
            State: { Status: Running ? "running" : "exited", Running, ExitCode: 0, StartedAt: "", FinishedAt: "" },
            HostConfig: {},
        });
    };
    return { docker: { getContainer: () => ({ exec, inspect }) } as unknown as Docker, seen };
}

const never = new AbortController().signal;
const failing = { prints: "not yet\n", exitCode: 1 };
const joined = { prints: "", exitCode: 0 };

describe("the join check of a container", () => {
    it("runs again until it ends with 0, and once where it has joined", async () => {
        const { docker, seen } = dockerWith([failing, failing, joined]);
        const checks = new JoinChecks(docker);
        assert.equal(await checks.untilJoined("c", ["check"], never), true);
        assert.equal(seen.started, 3);
        assert.equal(await checks.untilJoined("c", ["check"], never), true);
        assert.equal(seen.started, 4);
    });

    it("ends with its container", async () => {
        const { docker } = dockerWith([failing], true);
        assert.equal(await new JoinChecks(docker).untilJoined("c", ["check"], never), true);
    });

    it("ends when nobody waits any more, and what it printed last is kept", async () => {
        const { docker } = dockerWith([failing]);
        const checks = new JoinChecks(docker);
        assert.equal(checks.lastOf("c"), undefined);
        assert.equal(await checks.untilJoined("c", ["check"], AbortSignal.timeout(100)), false);
        assert.equal(checks.lastOf("c"), "not yet\n");
    });

    it("says why it cannot run in a container that is paused", async () => {
        const { docker } = dockerWith([{ statusCode: 409 }]);
        const checks = new JoinChecks(docker);
        await checks.untilJoined("c", ["check"], AbortSignal.timeout(100));
        assert.equal(checks.lastOf("c"), "container c is paused");
    });

    it("does not run again while a run that was late goes on", async () => {
        const { docker, seen } = dockerWith(["hangs", joined]);
        const checks = new JoinChecks(docker, 50);
        const waiting = checks.untilJoined("c", ["check"], never);
        await new Promise((resolve) => setTimeout(resolve, 1300));
        assert.equal(seen.started, 1);
        assert.equal(checks.lastOf("c"), "it has not ended within 0.05 s");
        seen.hangs = false;
        assert.equal(await waiting, true);
        assert.equal(seen.started, 2);
    });

    it("runs in eight containers at a time", async () => {
        const { docker, seen } = dockerWith([joined]);
        const checks = new JoinChecks(docker);
        const ids = Array.from({ length: 30 }, (_, index) => `c${index}`);
        await Promise.all(ids.map((id) => checks.untilJoined(id, ["check"], never)));
        assert.deepEqual([seen.started, seen.most], [30, 8]);
    });
});
