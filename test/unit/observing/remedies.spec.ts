import assert from "node:assert/strict";
import { FailedEngine, masterRemedy, workersRemedy } from "../../../components/observing/failures";
import { createdEngines, failed } from "../../helpers/engines";

const [master] = createdEngines();

/** Failed workers; those of one Job are of the same resource. */
function workers(n: number, isOneOfMany = false): FailedEngine[] {
    const [, ...created] = createdEngines({ workers: { n } });
    return created.map((each) => ({
        created: isOneOfMany ? { ...each, urn: "urn:job", isOneOfMany } : each,
        state: failed(),
    }));
}

/** A failed worker of a group, whose Job this is. */
function ofGroup(urn: string): FailedEngine[] {
    const workerGroups = [{ name: "gpu", n: 1, command: ["train"] }];
    const created = createdEngines({ workers: { n: 0 }, workerGroups })[1]!;
    return [{ created: { ...created, urn, isOneOfMany: true }, state: failed() }];
}

describe("the remedy when a master failed", () => {
    const table: [string, Partial<FailedEngine["state"]>, boolean, string][] = [
        ["alone", {}, false, "The next pulumi up runs it again."],
        ["with workers", {}, true, "To run it again, and every worker with it: pulumi up --replace 'urn:m'"],
        ["and is gone", { isGone: true }, true, "The next pulumi up recreates it and every worker."],
    ];
    for (const [how, seen, hasWorkers, said] of table) {
        it(`${how} is: ${said}`, () => {
            assert.equal(masterRemedy({ created: master!, state: failed(seen) }, hasWorkers), said);
        });
    }
});

describe("the remedy when workers failed", () => {
    const table: [string, FailedEngine[], boolean, string][] = [
        ["one that is recreated", workers(1), true, "The next pulumi up runs it again, and no other worker."],
        ["some that are recreated", workers(2), true, "The next pulumi up runs them again, and no other worker."],
        ["one that is only reported", workers(1), false, "To run it again: pulumi up --replace 'urn:w1'"],
        [
            "some that are only reported",
            workers(2),
            false,
            "To run them again: pulumi up --replace 'urn:w1' --replace 'urn:w2'",
        ],
        ["one of a Job", workers(1, true), true, "To run all workers again: pulumi up --replace 'urn:job'"],
        [
            "some of the Jobs of two groups",
            [...workers(2, true), ...ofGroup("urn:gpu")],
            true,
            "To run all workers of the same group again: pulumi up --replace 'urn:job' --replace 'urn:gpu'",
        ],
        ["some of a Job", workers(2, true), false, "To run all workers again: pulumi up --replace 'urn:job'"],
    ];
    for (const [what, those, areRecreated, said] of table) {
        it(`for ${what} is: ${said}`, () => assert.equal(workersRemedy(those, areRecreated), said));
    }

    const awaiting = (n: number, isAll = true) =>
        workers(n, true).map((each, index) => {
            const startsOnce = isAll || index > 0 ? "there is room" : undefined;
            return { ...each, state: failed({ status: "stopped", startsOnce }) };
        });

    it("is patience where the cluster is yet to start them, and never to run thousands again", () => {
        assert.equal(
            workersRemedy(awaiting(1), true),
            "The cluster starts it by itself as soon as there is room; the next pulumi up looks again.",
        );
        assert.equal(
            workersRemedy(awaiting(2), false),
            "The cluster starts them by itself as soon as there is room; the next pulumi up looks again.",
        );
    });

    it("is that of the failed where others are yet to be started", () => {
        const said = workersRemedy(awaiting(2, false), true);
        assert.equal(said, "To run all workers again: pulumi up --replace 'urn:job'");
    });

    it("recreates all engines where the master has ended, for no worker can run without it", () => {
        assert.equal(
            workersRemedy(workers(1), true, master),
            "The master has ended, and no worker can run without it. To run all engines again: pulumi up --replace 'urn:m'",
        );
    });

    it("names ten of them and no more, which a command line still holds", () => {
        const said = workersRemedy(workers(11), false);
        assert.equal(said.split("--replace ").length, 11);
        assert.match(said, /^To run them again: .* --replace 'urn:w10'$/);
    });
});
