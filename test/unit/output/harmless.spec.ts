/* eslint-disable no-control-regex -- They are what is tested. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as fs from "fs";
import * as path from "path";
import type * as pulumi from "@pulumi/pulumi";
import { SessionError } from "../../../components/model/errors";
import { harmless, harmlessLines } from "../../../components/output/harmless";

const esc = "\u001b";

describe("a text that quotes an engine", () => {
    for (const [what, text, shown] of [
        ["colours", `${esc}[1;31mred${esc}[0m`, "red"],
        ["moves of the cursor and what clears the screen", `a${esc}[2A${esc}[2J${esc}[Hb${esc}cc${esc}7d`, "abcd"],
        ["titles, with either end", `a${esc}]0;title\u0007b${esc}]2;title${esc}\\c`, "abc"],
        ["links", `${esc}]8;;http://evil\u0007click${esc}]8;;\u0007`, "click"],
        ["data for the terminal", `a${esc}P+q544e${esc}\\b${esc}_x${esc}\\c`, "abc"],
        ["control characters of one byte", "a\u009b31mb\u009d0;title\u009cc", "abc"],
        ["bells, backspaces, NUL and DEL", "a\u0007b\bc\u0000d\u007fe", "abcde"],
        ["what turns the direction", "a\u202eb\u2066c\u200fd", "abcd"],
        ["an order that has no end", `a${esc}]0;all of this\nb`, "a\nb"],
    ] as const) {
        it(`loses ${what}`, () => assert.equal(harmless(text), shown));
    }

    for (const [what, text, shown] of [
        ["GitHub", "::error file=a::b\n  ::set-output name=x::y", ": :error file=a::b\n  : :set-output name=x::y"],
        ["GitHub, as it was", "a ##[error]b", "a # #[error]b"],
        ["Azure", "a ##vso[task.complete result=Failed;]b", "a # #vso[task.complete result=Failed;]b"],
        ["TeamCity", "##teamcity[buildStop comment='x']", "# #teamcity[buildStop comment='x']"],
        ["Pulumi, for a colour", "<{%reset%}><{%fg 1%}>", "< {%reset%}>< {%fg 1%}>"],
    ] as const) {
        it(`keeps what is a command to ${what}, and it is none any more`, () => {
            assert.equal(harmless(text), shown);
            assert.equal(harmless(shown), shown);
        });
    }

    it("stays as it is otherwise", () => {
        for (const text of ["a::b # [c] ## d\n\tzwölf 十二 😀\n", "std::vector", "<%= x %>", "# a\n#[x"]) {
            assert.equal(harmless(text).replaceAll("# [", "#["), text.replaceAll("# [", "#["));
        }
    });

    it("has nothing left that a terminal obeys, whatever it is made of", () => {
        const part = fc.constantFrom(
            esc,
            "[",
            "]",
            "0",
            ";",
            "m",
            "\u0007",
            "\\",
            "\u009b",
            "P",
            "\u202e",
            "\u0000",
            "a",
            "#",
            ":",
            "\n",
        );
        fc.assert(
            fc.property(
                fc.array(part).map((parts) => parts.join("")),
                (text) => {
                    assert.doesNotMatch(
                        harmless(text),
                        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]|^\s*::\w|##\w*\[/m,
                    );
                },
            ),
        );
    });

    it("has its lines in the order in which they came, where one goes back to its beginning", () => {
        assert.equal(harmlessLines("secret\rfake\r\nnext\r"), "secret\nfake\nnext\n");
    });
});

describe("an error of a session", () => {
    it("is harmless where it quotes an engine", () => {
        const error = new SessionError(`It ended:\n  ::error::${esc}]0;x\u0007boom`, {} as pulumi.Resource);
        assert.equal(error.message, "It ended:\n  : :error::boom");
    });
});

describe("what the component shows", () => {
    it("leaves through one place", () => {
        const root = path.resolve(__dirname, "../../../components");
        const files = fs
            .readdirSync(root, { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".ts"));
        const exits = files.filter((file) =>
            /log\.(info|warn|error)\(|console\.(log|warn|error)\(/.test(fs.readFileSync(path.join(root, file), "utf8")),
        );
        assert.deepEqual(exits, [path.join("program", "console.ts")]);
    });
});
