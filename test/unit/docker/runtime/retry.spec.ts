import assert from "node:assert/strict";
import { mock } from "node:test";
import { formatDaemonError, withRetry, unlessGone } from "../../../../components/docker/runtime/retry";
import { NoAnswer } from "../../../../components/observing/time";

const refused = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const answer = (statusCode: number) => Object.assign(new Error("no"), { statusCode });

/** Lets time pass in small steps, so that everything that waits has its turn. */
async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
        mock.timers.tick(500);
        await new Promise((resolve) => setImmediate(resolve));
    }
}

describe("asking a daemon that may be away", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
    afterEach(() => mock.timers.reset());

    it("asks again until it answers", async () => {
        let asked = 0;
        const asking = withRetry(() => (++asked < 4 ? Promise.reject(refused()) : Promise.resolve("here")));
        await pass(5000);
        assert.equal(await asking, "here");
        assert.equal(asked, 4);
    });

    it("gives up after half a minute, and says who did not answer", async () => {
        let asked = 0;
        const asking = withRetry(() => Promise.reject((asked++, refused())));
        const failed = assert.rejects(asking, (error: Error) => {
            assert.ok(error instanceof NoAnswer);
            assert.equal(error.message, "The Docker daemon has not answered for 30 s (connect ECONNREFUSED).");
            return true;
        });
        await pass(29_000);
        const before = asked;
        await pass(3000);
        assert.ok(asked > before, "it gave up too soon");
        await failed;
    });

    it("has all its patience for a connection that breaks after a long time", async () => {
        let asked = 0;
        const longThenAway = async () => {
            if (++asked === 1) {
                await new Promise((resolve) => setTimeout(resolve, 60_000));
            }
            return asked < 4 ? Promise.reject(refused()) : Promise.resolve("here");
        };
        const asking = withRetry(longThenAway);
        await pass(70_000);
        assert.equal(await asking, "here");
    });

    it("takes an error that the daemon answers with for an answer", async () => {
        let asked = 0;
        await assert.rejects(
            withRetry(() => Promise.reject((asked++, answer(500)))),
            { statusCode: 500 },
        );
        assert.equal(asked, 1);
    });

    it("does not ask again once nobody waits any more", async () => {
        const closing = new AbortController();
        closing.abort();
        let asked = 0;
        await assert.rejects(
            withRetry(() => Promise.reject((asked++, refused())), closing.signal),
            { code: "ECONNREFUSED" },
        );
        assert.equal(asked, 1);
    });
});

describe("asking for something that may be gone", () => {
    it("gives what is there, and undefined where there is nothing", async () => {
        assert.equal(await unlessGone(() => Promise.resolve("here")), "here");
        assert.equal(await unlessGone(() => Promise.reject(answer(404))), undefined);
    });

    it("fails where the daemon does", async () => {
        await assert.rejects(
            unlessGone(() => Promise.reject(answer(500))),
            { statusCode: 500 },
        );
    });
});

describe("an error of the daemon", () => {
    for (const [what, error] of [
        [
            "its own words",
            { json: { message: "no such\nthing " }, message: "(HTTP code 404) no such container - no such thing" },
        ],
        ["the library's text without the HTTP status", new Error("(HTTP code 500) server error - no such thing ")],
        ["the text of a lost connection", new Error("no such thing")],
        ["a text", "no such thing"],
    ] as const) {
        it(`is shown by ${what}`, () => assert.equal(formatDaemonError(error), "no such thing"));
    }
});
