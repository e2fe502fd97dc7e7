import type Docker from "dockerode";
import assert from "node:assert/strict";
import { PassThrough, Readable } from "stream";
import { demultiplex, openOutput, readTail } from "../../../../components/docker/runtime/logs";
import { Following, followText } from "../../../../components/output/following";
import { LineBatches } from "../../../../components/output/lineBatches";
import { Mask } from "../../../../components/output/mask";
import { frame } from "../../../helpers/frames";

describe("a container's output", () => {
    it("is taken out of its frames, both streams in their order", () => {
        assert.equal(demultiplex(Buffer.concat([frame("a\n"), frame("b\n", 2), frame(""), frame("c")])), "a\nb\nc");
    });

    it("keeps a character whose bytes lie in two frames", () => {
        const bytes = Buffer.from("ä");
        const raw = Buffer.concat([frame(bytes.subarray(0, 1)), frame(bytes.subarray(1))]);
        assert.equal(demultiplex(raw), "ä");
    });

    it("is read as far as it goes where it is cut", () => {
        const raw = Buffer.concat([frame("one\n"), frame("two\n")]);
        assert.equal(demultiplex(raw.subarray(0, -2)), "one\ntw");
        assert.equal(demultiplex(raw.subarray(0, 15)), "one\n");
        assert.equal(demultiplex(Buffer.alloc(0)), "");
    });
});

describe("the end of a container's output", () => {
    /** A daemon that answers with these frames, or with an error. */
    function dockerWith(logs: () => Promise<Buffer | Iterable<Buffer>>): Docker {
        const dial = (request: Record<string, any>, callback: (error: unknown, answer?: Readable) => void) => {
            assert.deepEqual([request.path, request.options.tail], ["/containers/id/logs?", 200]);
            logs().then(
                (raw) => callback(null, Readable.from(Buffer.isBuffer(raw) ? [raw] : raw)),
                (error) => callback(error),
            );
        };
        return { modem: { dial } } as unknown as Docker;
    }

    it("is all of it, where it is short", async () => {
        const docker = dockerWith(() => Promise.resolve(frame("one\ntwo\n")));
        assert.equal(await readTail(docker, "id"), "one\ntwo\n");
    });

    it("is unknown where the log driver cannot be read", async () => {
        const error = new Error("configured logging driver does not support reading");
        let asked = 0;
        const docker = dockerWith(() => Promise.reject((asked++, Object.assign(error, { statusCode: 501 }))));
        assert.equal(await readTail(docker, "id"), undefined);
        assert.equal(asked, 1);
    });

    it("is read again where the connection breaks or the daemon has an error", async () => {
        const errors = [new Error("socket hang up"), Object.assign(new Error("busy"), { statusCode: 500 })];
        const docker = dockerWith(() => {
            const error = errors.shift();
            return error === undefined ? Promise.resolve(frame("one\n")) : Promise.reject(error);
        });
        assert.equal(await readTail(docker, "id"), "one\n");
    });

    it("is held alone where its last lines are hundreds of MB long", async function () {
        this.timeout(60_000);
        function* frames() {
            for (let each = 0; each < 400; each++) {
                yield frame(Buffer.alloc(2 ** 20, 120));
            }
            yield frame("\nlast words\n");
        }
        const before = process.memoryUsage.rss();
        const tail = (await readTail(
            dockerWith(() => Promise.resolve(frames())),
            "id",
        ))!;
        assert.ok(tail.endsWith("x\nlast words\n"));
        assert.equal(tail.length, 256 * 1024);
        assert.ok(process.memoryUsage.rss() - before < 150e6, String(process.memoryUsage.rss() - before));
    });

    it("is unknown where the daemon's error stays", async () => {
        const docker = dockerWith(() => Promise.reject(Object.assign(new Error("bad"), { statusCode: 500 })));
        assert.equal(await readTail(docker, "id"), undefined);
    });
});

describe("following a container's output", () => {
    let source: PassThrough;
    let shown: string[];
    let asked: Record<string, unknown>;
    let following: Following;

    const docker = {
        getContainer: () => ({
            logs: (options: Record<string, unknown>) => {
                asked = options;
                return Promise.resolve(source);
            },
        }),
    } as unknown as Docker;

    beforeEach(async () => {
        source = new PassThrough();
        shown = [];
        const batches = new LineBatches(new Mask(), (lines) => {
            shown.push(lines);
            return Promise.resolve();
        });
        following = followText(await openOutput(docker, "id", 1500), batches);
    });
    afterEach(() => following.stop());

    it("starts at the given moment, which Docker counts in seconds", () => {
        assert.equal(asked.since, 1.5);
        assert.equal(asked.follow, true);
    });

    it("shows whole lines together, also such as come in pieces", async () => {
        source.write(frame("one\ntw"));
        source.write(frame("o\n"));
        source.end(frame("thr"));
        await following.drained(5000, 5000);
        await following.stop();
        assert.deepEqual(shown, ["one\ntwo\nthr"]);
    });

    it("shows lines while the container runs on", async () => {
        source.write(frame("one\n"));
        for (let waited = 0; shown.length === 0 && waited < 1000; waited += 20) {
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.deepEqual(shown, ["one"]);
    });

    it("keeps a character whose bytes come in two pieces", async () => {
        const bytes = Buffer.from("ä\n");
        source.write(frame(bytes.subarray(0, 1)));
        source.end(frame(bytes.subarray(1)));
        await following.drained(5000, 5000);
        await following.stop();
        assert.deepEqual(shown, ["ä"]);
    });

    it("shows the lines at the end that the daemon's stream left out, and no line twice", async () => {
        source.end(frame("one\ntwo\n"));
        await following.drained(5000, 5000);
        await following.stop("one\ntwo\nthree\nfour\n");
        assert.deepEqual(shown, ["one\ntwo\nthree\nfour"]);
        await following.stop("one\ntwo\nthree\nfour\n");
        assert.equal(shown.length, 1);
    });

    it("shows the whole end where the stream gave nothing", async () => {
        source.end();
        await following.drained(5000, 5000);
        await following.stop("one\n");
        assert.deepEqual(shown, ["one"]);
    });

    it("shows the last hundred lines of a flood, and says how many it left out", async () => {
        source.end(Buffer.concat(Array.from({ length: 250 }, (_, index) => frame(`${index}\n`))));
        await following.drained(5000, 5000);
        await following.stop();
        const lines = shown.join("\n").split("\n");
        assert.equal(lines[0], "(150 lines are not shown)");
        assert.deepEqual([lines.length, lines[1], lines.at(-1)], [101, "150", "249"]);
    });

    it("shows what is there when it is stopped", async () => {
        source.write(frame("one\ntwo"));
        await new Promise((resolve) => setImmediate(resolve));
        await following.stop();
        assert.deepEqual(shown, ["one\ntwo"]);
    });
});
