import assert from "node:assert/strict";
import { whenPulumiIsGone } from "../../../components/program/pulumiGone";
import { PlayedIntervals } from "../../helpers/playedIntervals";
import { withPlayedPulumi } from "../../helpers/playedPulumi";

/** States of a gRPC channel. */
const [idle, ready, failing] = [0, 2, 3];

describe("the watch for the end of Pulumi", () => {
    let intervals: PlayedIntervals;
    let closing: AbortController;
    let checks: boolean[];
    let isGone: boolean;

    beforeEach(() => {
        intervals = new PlayedIntervals();
        closing = new AbortController();
        [checks, isGone] = [[], false];
    });
    afterEach(() => intervals.restore());

    function watch(pulumi: unknown): Promise<void> {
        return withPlayedPulumi(pulumi, () => {
            void whenPulumiIsGone(closing.signal).then(() => (isGone = true));
            return Promise.resolve();
        });
    }

    /** A Pulumi whose connection is in these states, one after another; how it is asked is noted. */
    function pulumiWith(states: number[]) {
        const getConnectivityState = (connect: boolean) => states[checks.push(connect) - 1];
        return { getChannel: () => ({ getConnectivityState }) };
    }

    const table: [string, number[], boolean][] = [
        ["is there while it answers", [ready, ready, idle, ready], false],
        ["is there after one failing check", [ready, failing], false],
        ["is there after failing checks that are not in a row", [failing, ready, failing, idle, failing], false],
        ["is gone after two failing checks in a row", [ready, failing, failing], true],
        ["is gone also where it failed and answered before", [failing, ready, failing, failing], true],
    ];
    for (const [what, states, gone] of table) {
        it(`finds that it ${what}`, async () => {
            await watch(pulumiWith(states));
            for (let check = 1; check <= states.length; check++) {
                assert.equal(isGone, false);
                await intervals.tick();
            }
            assert.equal(isGone, gone);
        });
    }

    it("asks the connection to come back, without which its state would not change", async () => {
        await watch(pulumiWith([ready]));
        await intervals.tick();
        assert.deepEqual(checks, [true]);
    });

    it("checks once in a second, and keeps no program from ending", async () => {
        await watch(pulumiWith([ready]));
        assert.deepEqual(
            [...intervals.running].map(({ ms, keeps }) => [ms, keeps]),
            [[1000, false]],
        );
        assert.deepEqual(checks, []);
    });

    it("ends once nobody waits any more", async () => {
        await watch(pulumiWith([failing, failing]));
        await intervals.tick();
        closing.abort();
        await intervals.tick();
        assert.equal(isGone, false);
        assert.equal(intervals.running.size, 0);
    });

    for (const [what, pulumi] of [
        ["no Pulumi", undefined],
        ["a Pulumi without a connection, as on mocks,", {}],
    ] as const) {
        it(`takes ${what} for none that is gone`, async () => {
            await watch(pulumi);
            await intervals.tick();
            await intervals.tick();
            assert.equal(isGone, false);
        });
    }
});
