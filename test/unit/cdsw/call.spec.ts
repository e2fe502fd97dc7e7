import assert from "node:assert/strict";
import { removeFolders } from "../../helpers/folders";
import { PoolSession } from "./session";

describe("cdsw-call", function () {
    this.timeout(90_000);
    let session: PoolSession;

    before(async () => {
        session = await PoolSession.running(1);
    });

    after(async () => {
        await session.close();
        removeFolders();
    });

    const call = async (...args: string[]): Promise<[number | null, string, string]> => {
        const program = session.command("call", args);
        return [await program.ended, String(program.output), program.errors];
    };

    it("launches, awaits, lists and stops, and prints JSON", async () => {
        const [code, launched] = await call(
            ..."launch --n 1 --cpu 0.2 --memory 0.5 --name x --env A=1=2 --env B=".split(" "),
            "--code=!echo $A$B; sleep 30",
        );
        assert.equal(code, 0);
        const [{ id }] = JSON.parse(launched);
        const [, running] = await call("await", "--running", "--timeout", "5", id);
        assert.equal(JSON.parse(running).workers[0].id, id);
        const [, stopped] = await call("stop", id);
        assert.deepEqual(JSON.parse(stopped), [{ id, status_code: 200 }]);
        const [, awaited] = await call("await", id);
        assert.deepEqual(JSON.parse(awaited).failures[0].last_lines, ["1=2"]);
        const [, listed] = await call("list");
        assert.equal(JSON.parse(listed).at(-1).name, "x");
    });

    it("prints an expression of R, and takes code for R there", async () => {
        const [, launched] = await call(
            ..."launch --n 1 --cpu 0.2 --memory 0.5 --code 1 --env PATH=/nowhere --format r".split(" "),
        );
        const [, id] = /^list\(list\("id" = "(\w{16})", "name" = NULL, "status" = "scheduling", /.exec(launched)!;
        const [, awaited] = await call("await", "--format", "r", id!);
        assert.match(
            awaited,
            /^list\("workers" = list\(\), "failures" = list\(list\(.*"message" = "the image of the engine has no Rscript", "last_lines" = list\(\)\)\)\)\n$/,
        );
    });

    it("writes texts of R in letters, digits and escapes only", async () => {
        const texts = await session.python(`
            from cdsw.call import to_r
            result = [to_r(value) for value in ['a"b\\\\c\\n\\'', "\\u00e9\\U0001f600\\0\\udc80", [1, 2.5, True, None], {"a b": []}]]`);
        assert.deepEqual(texts, [
            String.raw`"a\U{22}b\U{5c}c\U{a}'"`,
            String.raw`"\U{e9}\U{1f600}\U{fffd}\U{fffd}"`,
            "list(1, 2.5, TRUE, NULL)",
            `list("a b" = list())`,
        ]);
    });

    for (const [what, args, sentence] of [
        ["an unknown call", "start", /^argument CALL: invalid choice: 'start'/],
        ["a missing argument", "launch --n 1 --cpu 1", /^the following arguments are required: --memory\.\n$/],
        [
            "a variable without a value",
            "launch --n 1 --cpu 1 --memory 1 --env A",
            /^argument --env: 'A' is no NAME=VALUE\.\n$/,
        ],
        [
            "too much cpu",
            "launch --n 1 --cpu 9 --memory 0.1 --code 1",
            /^launch_workers asks for cpu=9, but an engine of the pool has 0\.2 cores: .*\.\n$/,
        ],
    ] as const) {
        it(`ends with 1 and one sentence for ${what}`, async () => {
            const [code, output, errors] = await call(...args.split(" "));
            assert.deepEqual([code, output], [1, ""]);
            assert.match(errors, sentence);
        });
    }
});
