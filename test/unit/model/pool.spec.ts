import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Plan, planSession, workersOf } from "../../../components/model/plan";
import { PartialArgs, sessionArgs } from "../../helpers/session";

const pool = { command: undefined };

const sessionKey = pulumi.output("the key");

function plan(changes: PartialArgs = {}): Plan {
    return planSession("s", sessionArgs({ workers: pool, ...changes }), { sessionKey });
}

describe("the plan of a session with a pool", () => {
    it("runs the master's program in a launcher, which waits for the declared ports", () => {
        const { master } = plan({ master: { ports: [6000, 6001] } });
        const expected = ["cdsw-launcher", "--port", "6000", "--port", "6001", "--", "serve"];
        assert.deepEqual(master.template.command, expected);
        assert.deepEqual([master.ports, master.awaitedPorts, master.template.masterPort], [[6000, 6001], [8099], 6000]);
    });

    it("runs the master's script by its kernel, which the image must have", () => {
        const { master } = plan({ project: "p", master: { command: undefined, ports: [], script: "m.r" } });
        assert.deepEqual(master.template.command, ["cdsw-launcher", "--", "Rscript", "m.r"]);
        assert.equal(master.template.program, "Rscript");
    });

    it("runs agents in the workers, which stay for the next master where engines are services", () => {
        const commandOf = (changes: PartialArgs) => workersOf(plan(changes))[0]!.template.command;
        assert.deepEqual(commandOf({}), ["cdsw-agent", "--stay"]);
        assert.deepEqual(commandOf({ wait: "completed" }), ["cdsw-agent"]);
        assert.deepEqual(commandOf({ wait: "none" }), ["cdsw-agent"]);
    });

    it("gives the key to all engines, apart from their own variables", () => {
        const env = pulumi.output({ A: "1" });
        const { master, groups } = plan({ master: { env } });
        assert.deepEqual([master.template.sessionKey, groups[0]!.template.sessionKey], [sessionKey, sessionKey]);
        assert.equal(master.template.env, env);
    });

    it("reports failures of workers, unless the session asks for more", () => {
        assert.equal(plan().onWorkerFailure, "report");
        assert.equal(plan({ onWorkerFailure: "fail" }).onWorkerFailure, "fail");
        assert.equal(plan({ workers: {} }).onWorkerFailure, "fail");
    });

    it("replaces every engine when a file changes that a worker may run", () => {
        const files = [{ path: "work.py", source: "/p/work.py", sha256: "0", executable: false, size: 1 }];
        const { master, groups } = planSession("s", sessionArgs({ workers: pool }), {
            project: { folder: "/p", files },
        });
        assert.deepEqual([master.template.unwatched, groups[0]!.template.unwatched], [[], []]);
    });
});
