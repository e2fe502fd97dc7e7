import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";

describe("workers without a program", () => {
    const workers = { command: undefined };

    it("are a pool", () => {
        assert.deepEqual(problemsOf({ workers }), []);
    });

    it("have a master that has one", () => {
        assert.deepEqual(problemsOf({ workers, master: { command: undefined } }), [
            "master: none of script, code and command is given; give exactly one of script, code and command",
        ]);
    });

    it("have no kernel, which the launch names", () => {
        assert.deepEqual(problemsOf({ workers: { ...workers, kernel: "r" } }), [
            'workers.kernel: "r" has no effect without script and code: launch_workers names the kernel; remove it',
        ]);
    });

    it("end with their master under completed, so that it is no job beside them", () => {
        assert.deepEqual(problemsOf({ workers, wait: "master" }), [
            'wait: "master" is for workers with a script, code or command; the engines of a pool end with their master by themselves: use "completed"',
        ]);
        assert.deepEqual(problemsOf({ wait: "master" }), []);
    });

    it("are not restarted when they complete, because that would hide failed work", () => {
        const restarted = { ...workers, restart: { attempts: 2 } };
        assert.deepEqual(problemsOf({ workers: restarted, wait: "completed" }), [
            'workers.restart.attempts: 2 is not 0, and an engine of a pool that is restarted would hide that its work has failed; remove it, or use wait: "running"',
        ]);
        assert.deepEqual(problemsOf({ workers: restarted, wait: "running" }), []);
    });

    it("leave port 8099 to the launcher, which is not published and not the main port", () => {
        for (const backend of ["docker", "kubernetes"]) {
            const problems = problemsOf({
                backend,
                workers,
                master: { mainPort: 8099 },
                publish: [{ port: 1 }, { port: 8099 }],
            });
            assert.deepEqual(
                problems.map((problem) => problem.replace(/ the port of the launcher .*/, "")),
                ["master.mainPort: 8099 is", "publish[1].port: 8099 is"],
            );
        }
        assert.deepEqual(problemsOf({ master: { mainPort: 8099 }, publish: [{ port: 8099 }] }), []);
    });

    it("need port 8099 of the master, which another program may have in a session without a pool", () => {
        assert.deepEqual(problemsOf({ workers, master: { ports: [6000, 8099] } }), [
            "master.ports: 8099 is the port of the launcher that employs the workers; let the master's program use another port, or give the workers a script, code or command",
        ]);
        assert.deepEqual(problemsOf({ master: { ports: [8099] } }), []);
    });
});
