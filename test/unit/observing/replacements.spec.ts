import assert from "node:assert/strict";
import { FoundEngine, freshToken, planReplacements } from "../../../components/observing/replacements";
import { EngineState } from "../../../components/observing/engineState";
import { planSession } from "../../../components/model/plan";
import { foundEngine } from "../../helpers/engines";
import { PartialArgs, sessionArgs } from "../../helpers/session";

/** What becomes of engines in a session of two workers: who is made anew and who is removed first, by rank. */
function replacementsOf(found: FoundEngine[], args: PartialArgs = {}) {
    const { removed, kept, tokens } = planReplacements(planSession("s", sessionArgs(args), undefined), found, "fresh");
    const ranks = (engines: FoundEngine[]) => engines.map(({ rank }) => rank);
    const anew = [...tokens].filter(([, generation]) => generation === "fresh").map(([rank]) => rank);
    return { anew, removed: ranks(removed), kept: ranks(kept), tokens };
}

describe("the engines of a session", () => {
    const three = [0, 1, 2].map((rank) => foundEngine(rank));
    const leftover = (rank: number) => foundEngine(rank, {}, true);
    const failed = { status: "failed" } as const;

    const table: [string, FoundEngine[], { anew: number[]; removed: number[] }][] = [
        ["are all made where there are none", [], { anew: [0, 1, 2], removed: [] }],
        ["all stay where they are healthy", three, { anew: [], removed: [] }],
        ["that are not there are made", three.slice(0, 2), { anew: [2], removed: [] }],
        [
            "that failed are made anew, but for the others",
            [...three.slice(0, 2), foundEngine(2, failed)],
            { anew: [2], removed: [] },
        ],
        [
            "that were left behind are removed and made anew",
            [...three.slice(0, 2), leftover(2)],
            { anew: [2], removed: [2] },
        ],
        ["do not outlive their master", three.slice(1), { anew: [0, 1, 2], removed: [1, 2] }],
        [
            "do not outlive a master that was left behind",
            [leftover(0), ...three.slice(1)],
            { anew: [0, 1, 2], removed: [0, 1, 2] },
        ],
        [
            "beyond the number of workers are left to Pulumi",
            [...three, foundEngine(3), foundEngine(4, failed)],
            { anew: [], removed: [] },
        ],
        [
            "beyond the number of workers go where they were left behind",
            [...three, leftover(3)],
            { anew: [], removed: [3] },
        ],
    ];
    for (const [what, found, { anew, removed }] of table) {
        it(what, () => {
            const replacements = replacementsOf(found);
            assert.deepEqual([replacements.anew, replacements.removed], [anew, removed]);
        });
    }

    it("keep the generation that they have, each its own", () => {
        assert.deepEqual(
            [...replacementsOf(three).tokens],
            [
                [0, "old-0"],
                [1, "old-1"],
                [2, "old-2"],
            ],
        );
    });

    it("are each either removed or kept", () => {
        const { removed, kept } = replacementsOf([three[0]!, leftover(1), three[2]!]);
        assert.deepEqual([removed, kept], [[1], [0, 2]]);
    });
});

describe("a worker that is there", () => {
    const table: [EngineState["status"], PartialArgs, boolean][] = [
        ["running", {}, false],
        ["succeeded", {}, false],
        ["failed", {}, true],
        ["stopped", {}, true],
        ["failed", { wait: "completed" }, true],
        ["failed", { wait: "none" }, false],
        ["stopped", { wait: "none" }, false],
        ["failed", { onWorkerFailure: "report" }, false],
        ["failed", { wait: "completed", onWorkerFailure: "report" }, false],
    ];
    for (const [status, args, isAnew] of table) {
        it(`and ${status} is ${isAnew ? "made anew" : "kept"} with ${JSON.stringify(args)}`, () => {
            const { anew } = replacementsOf([foundEngine(0), foundEngine(1, { status }), foundEngine(2)], args);
            assert.deepEqual(anew, isAnew ? [1] : []);
        });
    }
});

describe("a master that is there alone", () => {
    const table: [EngineState["status"], PartialArgs, boolean][] = [
        ["running", {}, false],
        ["failed", {}, true],
        ["stopped", {}, true],
        ["failed", { wait: "none" }, true],
        ["failed", { onWorkerFailure: "report" }, true],
        ["failed", { workers: { n: 0 } }, true],
        ["succeeded", {}, true],
        ["succeeded", { master: { ports: [] } }, false],
        ["succeeded", { workers: { n: 0 } }, false],
    ];
    for (const [status, args, isAnew] of table) {
        it(`and ${status} is ${isAnew ? "made anew" : "kept"} with ${JSON.stringify(args)}`, () => {
            assert.equal(replacementsOf([foundEngine(0, { status })], args).anew.includes(0), isAnew);
        });
    }

    it("stays what it is where its workers are there, however it ended", () => {
        for (const status of ["failed", "stopped", "succeeded"] as const) {
            assert.deepEqual(replacementsOf([foundEngine(0, { status }), foundEngine(2)]).anew, [1]);
        }
    });

    it("is alone where its workers were left behind", () => {
        assert.deepEqual(
            replacementsOf([foundEngine(0, { status: "failed" }), foundEngine(1, {}, true)]).anew,
            [0, 1, 2],
        );
    });
});

describe("a fresh generation", () => {
    it("is a word that a label may have", () => {
        assert.equal(freshToken(0), "0");
        assert.match(freshToken(Date.UTC(2024, 0, 2)), /^[0-9a-z]{8}$/);
    });
});
