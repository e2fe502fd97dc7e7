import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../../toolchain/versions";
import { readDocument } from "../../helpers/documents";

/** The rows of the tables of what happens, each with the words that name its test. */
function rows(): { when: string; test: string }[] {
    const section = /## What happens when[^]*?(?=\n## )/.exec(readDocument("docs/operations.md"))![0];
    const cells = section
        .split("\n")
        .filter((line) => line.startsWith("| ") && !/^\| (when|-)/.test(line))
        .map((line) => line.split("|").map((cell) => cell.trim()));
    return cells.map(([, when, , test]) => ({ when: when!, test: test! }));
}

describe("the tables of what happens in docs/operations.md", () => {
    const folder = path.join(projectFolder, "test/e2e");
    const specs = fs.readdirSync(folder).filter((file) => file.endsWith(".spec.ts"));
    const titles = specs.flatMap((file) => [
        ...fs
            .readFileSync(path.join(folder, file), "utf8")
            .matchAll(/^ *(?:it|on\w+|describe)\((?:\w+, )?["`](.*)["`],/gm),
    ]);

    it("have a row for each thing that a user has to know", () => assert.ok(rows().length >= 29));

    for (const { when, test } of rows()) {
        it(`name a test for: ${when}`, () => {
            const [, words] = /^`(.+)`$/.exec(test)!;
            assert.ok(
                titles.some(([, title]) => title!.includes(words!)),
                `no end-to-end test is called ${words}`,
            );
        });
    }
});
