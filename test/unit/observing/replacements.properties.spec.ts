import assert from "node:assert/strict";
import * as fc from "fast-check";
import { FoundEngine, freshToken, planReplacements } from "../../../components/observing/replacements";
import { aliasOf } from "../../../components/model/labels";
import { Plan, planSession } from "../../../components/model/plan";
import { foundEngine } from "../../helpers/engines";
import { PartialArgs, sessionArgs } from "../../helpers/session";

const status = fc.constantFrom("running" as const, "succeeded" as const, "failed" as const, "stopped" as const);

/** Whatever may be there: any ranks, each once, in any state. */
const anything: fc.Arbitrary<FoundEngine[]> = fc
    .uniqueArray(fc.nat(6), { maxLength: 7 })
    .chain((ranks) =>
        fc.tuple(
            ...ranks.map((rank) =>
                fc
                    .tuple(status, fc.boolean())
                    .map(([found, isLeftover]) => foundEngine(rank, { status: found }, isLeftover)),
            ),
        ),
    );

/** The same with a master that was attended to. */
const withMaster = fc
    .tuple(anything, status)
    .map(([found, master]) => [...found.filter(({ rank }) => rank > 0), foundEngine(0, { status: master })]);

const args: fc.Arbitrary<PartialArgs> = fc.record({
    wait: fc.constantFrom("none" as const, "running" as const, "completed" as const),
    onWorkerFailure: fc.constantFrom("fail" as const, "report" as const),
    master: fc.record({ ports: fc.constantFrom([], [6000]) }),
    workers: fc.record({ n: fc.nat(5) }),
});

function planOf(given: PartialArgs): Plan {
    return planSession("s", sessionArgs(given));
}

describe("whatever is there when an up begins", () => {
    it("keeps every healthy engine that was attended to, as long as its master is there", () => {
        fc.assert(
            fc.property(withMaster, args, (found, given) => {
                const { kept, tokens } = planReplacements(planOf(given), found, "fresh");
                for (const engine of found) {
                    const isHealthy = engine.state.status === "running" && !engine.isLeftover;
                    if (isHealthy && tokens.has(aliasOf(engine))) {
                        assert.equal(tokens.get(aliasOf(engine)), engine.token);
                        assert.ok(kept.includes(engine));
                    }
                }
            }),
            { numRuns: 500 },
        );
    });

    it("is either removed or kept, and nothing else is", () => {
        fc.assert(
            fc.property(anything, args, (found, given) => {
                const { kept, removed } = planReplacements(planOf(given), found, "fresh");
                const all = [...kept, ...removed];
                assert.equal(all.length, found.length);
                assert.deepEqual(new Set(all), new Set(found));
            }),
        );
    });

    it("loses nothing where the master is there and no engine is a leftover", () => {
        fc.assert(
            fc.property(withMaster, args, (found, given) => {
                const attended = found.map((engine) => ({ ...engine, isLeftover: false }));
                assert.deepEqual(planReplacements(planOf(given), attended, "fresh").removed, []);
            }),
        );
    });

    it("loses every leftover", () => {
        fc.assert(
            fc.property(anything, args, (found, given) => {
                const { kept } = planReplacements(planOf(given), found, "fresh");
                assert.ok(!kept.some(({ isLeftover }) => isLeftover));
            }),
        );
    });

    it("loses all workers where no master was attended to", () => {
        fc.assert(
            fc.property(anything, args, (found, given) => {
                const masterless = found.filter(({ rank, isLeftover }) => rank > 0 || isLeftover);
                const { kept, tokens } = planReplacements(planOf(given), masterless, "fresh");
                assert.deepEqual(kept, []);
                assert.ok([...tokens.values()].every((token) => token === "fresh"));
            }),
        );
    });

    it("loses the same, however many workers the plan has", () => {
        fc.assert(
            fc.property(anything, args, fc.nat(5), (found, given, n) => {
                const { removed } = planReplacements(planOf(given), found, "fresh");
                assert.deepEqual(
                    planReplacements(planOf({ ...given, workers: { n } }), found, "fresh").removed,
                    removed,
                );
            }),
        );
    });

    it("gives every engine of the plan a token: its own where it stays, or the fresh one", () => {
        fc.assert(
            fc.property(anything, args, (found, given) => {
                const { kept, tokens } = planReplacements(planOf(given), found, "fresh");
                assert.deepEqual(
                    [...tokens.keys()],
                    Array.from({ length: given.workers!.n! + 1 }, (_, rank) => aliasOf({ rank })),
                );
                for (const [alias, token] of tokens) {
                    const own = kept.find((engine) => aliasOf(engine) === alias)?.token;
                    assert.ok(token === "fresh" || token === own);
                }
            }),
        );
    });

    it("never has its master recreated under workers that stay", () => {
        fc.assert(
            fc.property(withMaster, args, (found, given) => {
                const { kept, tokens } = planReplacements(planOf(given), found, "fresh");
                if (kept.some(({ rank }) => rank > 0)) {
                    assert.equal(tokens.get("master"), "old-0");
                }
            }),
        );
    });

    it("is as it should be once all of it is healthy: the next up changes nothing", () => {
        fc.assert(
            fc.property(anything, args, (found, given) => {
                const plan = planOf(given);
                const { tokens } = planReplacements(plan, found, "fresh");
                const next = [...tokens.values()].map((token, rank) => ({ ...foundEngine(rank), token }));
                const after = planReplacements(plan, next, "later");
                assert.deepEqual(after.tokens, tokens);
                assert.deepEqual(after.removed, []);
            }),
        );
    });
});

describe("tokens of different times", () => {
    it("are different words", () => {
        const time = fc.integer({ min: 0, max: 4e12 });
        fc.assert(
            fc.property(time, time, (one, other) => {
                assert.equal(freshToken(one) === freshToken(other), one === other);
            }),
        );
    });
});
