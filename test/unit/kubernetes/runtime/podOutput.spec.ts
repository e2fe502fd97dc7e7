import assert from "node:assert/strict";
import { openPodOutput, readPodTail } from "../../../../components/kubernetes/runtime/podOutput";
import { Source } from "../../../../components/observing/runtime";
import { pod, terminated } from "../../../helpers/pods";
import { PlayedCluster, eventually, refusal } from "../../../helpers/playedCluster";

const never = new AbortController().signal;
const at = (second: number) => `2026-01-01T00:00:0${second}.000000000Z`;
const reset = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

describe("the end of a Pod's output", () => {
    const failed = pod({ phase: "Failed", state: terminated(3, "Error", "last words") });

    for (const [what, error] of [
        ["the API server has an error", refusal(500, "dial tcp: i/o timeout")],
        ["the API server has too many requests", refusal(429)],
        ["the connection breaks", reset],
    ] as const) {
        it(`is read again where ${what}`, async () => {
            const played = new PlayedCluster();
            played.logs = "one\ntwo\n";
            played.passing.log = [error, error];
            assert.equal(await readPodTail(played.cluster, failed), "one\ntwo\n");
            assert.equal(played.count("log"), 3);
        });
    }

    for (const [how, time] of [
        ["a request", () => new Date()],
        ["a watch", () => new Date().toISOString() as unknown as Date],
    ] as const) {
        it(`is read until it stays the same where the container has just ended, by the time that ${how} reports`, async () => {
            const played = new PlayedCluster();
            const just = pod({ phase: "Failed", state: terminated(0) });
            just.status!.containerStatuses![0]!.state!.terminated!.finishedAt = time();
            played.logs = "one\n";
            // A busy node pauses before it writes down the rest.
            setTimeout(() => (played.logs = "one\ntwo\n"), 800);
            assert.equal(await readPodTail(played.cluster, just), "one\ntwo\n");
        });
    }

    it("is held alone where its last lines are many MB long", async () => {
        const played = new PlayedCluster();
        played.logs = `${"x".repeat(50 * 2 ** 20)}\nlast words\n`;
        const tail = (await readPodTail(played.cluster, failed))!;
        assert.ok(tail.endsWith("x\nlast words\n"));
        assert.equal(tail.length, 256 * 1024);
    });

    for (const code of [401, 403, 404]) {
        it(`is in the Pod's status, at once, where the answer is ${code}`, async () => {
            const played = new PlayedCluster();
            played.refusals.log = refusal(code);
            assert.equal(await readPodTail(played.cluster, failed), "last words");
            assert.equal(played.count("log"), 1);
        });
    }

    it("is in the Pod's status where its node is away for longer than ten seconds", async function () {
        this.timeout(20_000);
        const played = new PlayedCluster();
        played.refusals.log = refusal(500, "no route to host");
        const start = Date.now();
        assert.equal(await readPodTail(played.cluster, failed), "last words");
        assert.ok(Date.now() - start >= 10_000 && Date.now() - start < 13_000);
    });
});

describe("following a Pod's output", () => {
    let source: Source | undefined;
    afterEach(() => source?.end());

    /** Opens the output of a Pod that runs until it is said to be over. */
    async function open(played: PlayedCluster, since?: number) {
        const pod = { isOver: false, text: "" };
        const isOver = () => Promise.resolve(pod.isOver);
        source = await openPodOutput(played.cluster, { name: "p", since, isOver }, never);
        source.read((chunk) => (pod.text += chunk.toString()));
        return pod;
    }

    it("begins with its first line, and without the times", async () => {
        const played = new PlayedCluster();
        const following = await open(played);
        played.streams[0]!.from.write(`${at(1)} one\n`);
        await eventually(() => following.text === "one\n");
        assert.deepEqual(played.streams[0]!.query, { name: "p", follow: true, timestamps: true });
    });

    it("begins at a moment where the Pod ran before", async () => {
        const played = new PlayedCluster();
        await open(played, Date.parse(at(7)));
        assert.equal(played.streams[0]!.query.sinceTime, "2026-01-01T00:00:07.000Z");
    });

    for (const [how, end] of [
        ["ends", (from: NodeJS.WritableStream) => void from.end()],
        ["breaks", (from: any) => void from.destroy(reset)],
    ] as const) {
        it(`goes on behind the last line where its connection ${how} while it runs`, async () => {
            const played = new PlayedCluster();
            const following = await open(played);
            played.streams[0]!.from.write(`${at(1)} one\n${at(2)} two\n`);
            await eventually(() => following.text === "one\ntwo\n");
            played.passing.follow = [refusal(500)];
            end(played.streams[0]!.from);
            await eventually(() => played.streams.length === 2, 6000);
            assert.equal(played.streams[1]!.query.sinceTime, at(2));
            played.streams[1]!.from.write(`${at(2)} two\n${at(3)} three\n`);
            await eventually(() => following.text === "one\ntwo\nthree\n");
        });
    }

    it("ends with the Pod, though its status comes somewhat later", async () => {
        const played = new PlayedCluster();
        const following = await open(played);
        played.streams[0]!.from.end(`${at(1)} one\n`);
        setTimeout(() => (following.isOver = true), 500);
        await source!.ended;
        assert.deepEqual([following.text, played.streams.length], ["one\n", 1]);
    });

    it("is opened again where the first answer is an error that passes, and not where it is none", async () => {
        const played = new PlayedCluster();
        played.passing.follow = [refusal(500), reset];
        await open(played);
        played.refusals.follow = refusal(403);
        await assert.rejects(open(played), { code: 403 });
    });

    it("closes its connection when nobody waits for it", async () => {
        const played = new PlayedCluster();
        await open(played);
        source!.end();
        await source!.ended;
        assert.equal(played.streams[0]!.aborted, true);
    });
});
