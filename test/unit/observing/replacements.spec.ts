import assert from "node:assert/strict";
import { FoundEngine, freshToken, planReplacements } from "../../../components/observing/replacements";
import { EngineState } from "../../../components/observing/engineState";
import { planSession } from "../../../components/model/plan";
import { foundEngine } from "../../helpers/engines";
import { PartialArgs, sessionArgs } from "../../helpers/session";

/** What becomes of engines in a session of two workers: who is recreated and who is removed first, by rank. */
function replacementsOf(found: FoundEngine[], args: PartialArgs = {}) {
    const { removed, kept, tokens } = planReplacements(planSession("s", sessionArgs(args)), found, "fresh");
    const ranks = (engines: FoundEngine[]) => engines.map(({ rank }) => rank);
    const recreated = [...tokens.values()].flatMap((token, rank) => (token === "fresh" ? [rank] : []));
    return { recreated, removed: ranks(removed), kept: ranks(kept), tokens };
}

describe("the engines of a session", () => {
    const three = [0, 1, 2].map((rank) => foundEngine(rank));
    const leftover = (rank: number) => foundEngine(rank, {}, true);
    const failed = { status: "failed" } as const;

    const table: [string, FoundEngine[], { recreated: number[]; removed: number[] }][] = [
        ["are all created where there are none", [], { recreated: [0, 1, 2], removed: [] }],
        ["all stay where they are healthy", three, { recreated: [], removed: [] }],
        ["that do not exist are created", three.slice(0, 2), { recreated: [2], removed: [] }],
        [
            "that failed are recreated, and no other",
            [...three.slice(0, 2), foundEngine(2, failed)],
            { recreated: [2], removed: [] },
        ],
        [
            "that are leftovers are removed and recreated",
            [...three.slice(0, 2), leftover(2)],
            { recreated: [2], removed: [2] },
        ],
        ["go with their master", three.slice(1), { recreated: [0, 1, 2], removed: [1, 2] }],
        [
            "go with a master that is a leftover",
            [leftover(0), ...three.slice(1)],
            { recreated: [0, 1, 2], removed: [0, 1, 2] },
        ],
        [
            "beyond the number of workers are left to Pulumi",
            [...three, foundEngine(3), foundEngine(4, failed)],
            { recreated: [], removed: [] },
        ],
        [
            "beyond the number of workers are removed where they are leftovers",
            [...three, leftover(3)],
            { recreated: [], removed: [3] },
        ],
    ];
    for (const [what, found, { recreated, removed }] of table) {
        it(what, () => {
            const replacements = replacementsOf(found);
            assert.deepEqual([replacements.recreated, replacements.removed], [recreated, removed]);
        });
    }

    it("keep the token that they have, each its own", () => {
        assert.deepEqual(
            [...replacementsOf(three).tokens],
            [
                ["master", "old-0"],
                ["worker-1", "old-1"],
                ["worker-2", "old-2"],
            ],
        );
    });

    it("are each either removed or kept", () => {
        const { removed, kept } = replacementsOf([three[0]!, leftover(1), three[2]!]);
        assert.deepEqual([removed, kept], [[1], [0, 2]]);
    });
});

describe("an existing worker", () => {
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
    for (const [status, args, isRecreated] of table) {
        it(`and ${status} is ${isRecreated ? "recreated" : "kept"} with ${JSON.stringify(args)}`, () => {
            const { recreated } = replacementsOf([foundEngine(0), foundEngine(1, { status }), foundEngine(2)], args);
            assert.deepEqual(recreated, isRecreated ? [1] : []);
        });
    }
});

describe("an existing worker that failed", () => {
    for (const [master, ports, isRecreated] of [
        ["running", [6000], true],
        ["failed", [6000], false],
        ["failed", [], false],
        ["succeeded", [6000], false],
        ["succeeded", [], true],
    ] as const) {
        const what = `where its master has ${ports.length} ports and is ${master}`;
        it(`is ${isRecreated ? "recreated" : "kept, for it could not start,"} ${what}`, () => {
            const found = [foundEngine(0, { status: master }), foundEngine(1, { status: "failed" }), foundEngine(2)];
            const { recreated } = replacementsOf(found, { master: { ports: [...ports] } });
            assert.deepEqual(recreated, isRecreated ? [1] : []);
        });
    }
});

describe("an existing master without workers", () => {
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
    for (const [status, args, isRecreated] of table) {
        it(`and ${status} is ${isRecreated ? "recreated" : "kept"} with ${JSON.stringify(args)}`, () => {
            assert.equal(replacementsOf([foundEngine(0, { status })], args).recreated.includes(0), isRecreated);
        });
    }

    it("stays where its workers exist, however it ended", () => {
        for (const status of ["failed", "stopped", "succeeded"] as const) {
            assert.deepEqual(replacementsOf([foundEngine(0, { status }), foundEngine(2)]).recreated, [1]);
        }
    });

    it("is alone where its workers are leftovers", () => {
        assert.deepEqual(
            replacementsOf([foundEngine(0, { status: "failed" }), foundEngine(1, {}, true)]).recreated,
            [0, 1, 2],
        );
    });
});

describe("a fresh token", () => {
    it("is a word that a label may have", () => {
        assert.equal(freshToken(0), "0");
        assert.match(freshToken(Date.UTC(2024, 0, 2)), /^[0-9a-z]{8}$/);
    });
});
