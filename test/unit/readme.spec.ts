import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../toolchain/versions";

/** The rows of the README's table of what happens, each with the words that name its test. */
function rows(): { when: string; test: string }[] {
    const readme = fs.readFileSync(path.join(projectFolder, "README.md"), "utf8");
    const section = /## What happens when[^]*?(?=\n## )/.exec(readme)![0];
    const cells = section
        .split("\n")
        .filter((line) => line.startsWith("| ") && !/^\| (when|-)/.test(line))
        .map((line) => line.split("|").map((cell) => cell.trim()));
    return cells.map(([, when, , test]) => ({ when: when!, test: test! }));
}

describe("the README's table of what happens", () => {
    const folder = path.join(projectFolder, "test/e2e");
    const specs = fs.readdirSync(folder).filter((file) => file.endsWith(".spec.ts"));
    const titles = specs.flatMap((file) => [
        ...fs
            .readFileSync(path.join(folder, file), "utf8")
            .matchAll(/^ *(?:it|on\w+|describe)\((?:\w+, )?["`](.*)["`],/gm),
    ]);

    it("has a row for each thing that a user has to know", () => assert.ok(rows().length >= 25));

    for (const { when, test } of rows()) {
        it(`names a test for: ${when}`, () => {
            const [, words] = /^`(.+)`$/.exec(test)!;
            assert.ok(
                titles.some(([, title]) => title!.includes(words!)),
                `no end-to-end test is called ${words}`,
            );
        });
    }
});
