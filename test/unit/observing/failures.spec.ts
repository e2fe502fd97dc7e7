import assert from "node:assert/strict";
import { EngineHost } from "../../../components/observing/runtime";
import { Watch } from "../../../components/observing/watch";
import {
    describeFailures,
    describeMasterFailure,
    describeWorkerFailures,
} from "../../../components/observing/failures";
import { EngineState } from "../../../components/observing/engineState";
import { planSession } from "../../../components/model/plan";
import { createdEngines, failed } from "../../helpers/engines";
import { PartialArgs, sessionArgs } from "../../helpers/session";

/** A watch over engines that printed nothing. */
function watchOf(args: PartialArgs, hasWorkers = false): Watch {
    const host = { readTail: () => Promise.resolve(""), hasWorkers: () => Promise.resolve(hasWorkers) };
    const plan = planSession("s", sessionArgs(args));
    const { signal } = new AbortController();
    return { host: host as unknown as EngineHost, plan, signal, reportRestart: () => undefined };
}

describe("the failure of an engine of a session with a pool", () => {
    const [master] = createdEngines();
    const explain = async (output: string, state: Partial<EngineState>) => {
        const watch = watchOf({ workers: { command: undefined } });
        Object.assign(watch.host, { readTail: () => Promise.resolve(output) });
        const failure = await describeMasterFailure(watch, master!, failed(state));
        return failure.text.includes("the images need the package cdsw: docs/stack.md");
    };
    const startError = 'exec: "cdsw-launcher": executable file not found in $PATH';
    const table: [string, string, Partial<EngineState>, boolean][] = [
        ["names the package where an init finds no agent", "exec cdsw-agent failed: No such file", {}, true],
        ["names the package where an entry point finds no agent", "env: ‘cdsw-agent’: No such file", {}, true],
        ["names the package where the engine could not start without a launcher", "", { startError }, true],
        ["does not where the program of the master is not there", "cdsw: no nosuch", { exitCode: 127 }, false],
    ];
    for (const [title, output, state, expected] of table) {
        it(title, async () => assert.equal(await explain(output, state), expected));
    }
});

describe("the failure of a master", () => {
    const [master] = createdEngines();
    const table: [string, boolean, EngineState, string[]][] = [
        [
            "alone",
            false,
            failed(),
            ["The master s-master ended with exit code 3. It printed nothing.", "The next pulumi up runs it again."],
        ],
        [
            "with workers",
            true,
            { status: "succeeded", exitCode: 0 },
            [
                "The master s-master ended with exit code 0, and a worker that is to run needs it. It printed nothing.",
                "To run it again, and every worker with it: pulumi up --replace 'urn:m'",
            ],
        ],
    ];
    for (const [how, hasWorkers, seen, lines] of table) {
        it(`${how} is reported with its remedy, under its resource`, async () => {
            const failure = await describeMasterFailure(watchOf({}, hasWorkers), master!, seen);
            assert.deepEqual(failure.text.split("\n"), lines);
            assert.equal(failure.resource, master!.resource);
        });
    }
});

describe("the failures of workers", () => {
    const [, ...workers] = createdEngines();
    const said = async (args: PartialArgs, seen: EngineState[]) =>
        (await describeWorkerFailures(watchOf(args), workers, seen))?.text.split("\n");

    const described = ["1 of 2 workers failed.", "s-worker-2 ended with exit code 3. It printed nothing."];
    const oneFailed: EngineState[] = [{ status: "running" }, failed()];

    it("are reported with the promise that the next up runs them again", async () => {
        assert.deepEqual(await said({}, oneFailed), [
            ...described,
            "The next pulumi up runs it again, and no other worker.",
        ]);
    });

    it("have a command as their remedy where they are only reported", async () => {
        assert.deepEqual(await said({ onWorkerFailure: "report" }, oneFailed), [
            ...described,
            "To run it again: pulumi up --replace 'urn:w2'",
        ]);
    });

    it("are none yet where the cluster starts them later", async () => {
        const later: EngineState = { status: "stopped", startError: "exceeded quota", startsOnce: "there is room" };
        assert.deepEqual(await said({}, [{ status: "running" }, later]), [
            "1 of 2 workers could not be started yet.",
            "s-worker-2 could not be started: exceeded quota.",
            "The cluster starts it by itself as soon as there is room; the next pulumi up looks again.",
        ]);
    });

    it("are none where all are healthy", async () => {
        assert.equal(await said({}, [{ status: "running" }, { status: "succeeded", exitCode: 0 }]), undefined);
    });
});

describe("the failures of a master and of workers", () => {
    const [master, ...workers] = createdEngines();
    const ofMaster = "The master s-master ended with exit code 1. It printed nothing.";
    const ofWorkers = ["1 of 2 workers failed.", "s-worker-2 ended with exit code 3. It printed nothing."];
    const remedy = "To run it again, and every worker with it: pulumi up --replace 'urn:m'";
    const describeAll = (ended: string[]) =>
        describeFailures(watchOf({}, true), master!, workers, {
            master: failed({ exitCode: 1 }),
            workers: [{ status: "running" }, failed()],
            ended,
        });

    it("are both described, the worker's first where it failed first", async () => {
        const { text, resource } = await describeAll(["w2", "m"]);
        assert.deepEqual(text.split("\n"), [...ofWorkers, ofMaster, remedy]);
        assert.equal(resource, undefined);
    });

    it("are both described, the master's first where it failed first", async () => {
        const { text, resource } = await describeAll(["m", "w2"]);
        assert.deepEqual(text.split("\n"), [ofMaster, ...ofWorkers, remedy]);
        assert.equal(resource, master!.resource);
    });
});
