import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../../toolchain/versions";
import { readDocument } from "../../helpers/documents";

/** The rows of the tables in a section of a document, each with the words that name its test. */
function rows(document: string, heading: string): { what: string; test: string }[] {
    const section = readDocument(document).split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
    const cells = section.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    return cells.flatMap(([, what, , test]) => {
        const [, words] = /^`(.+)`$/.exec(test ?? "") ?? [];
        return words === undefined ? [] : [{ what: what!, test: words }];
    });
}

/** The titles of tests, and of what they are about, in a folder. */
function titlesIn(folder: string): string[] {
    const files = fs.readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" });
    return files
        .filter((file) => file.endsWith(".spec.ts"))
        .map((file) => fs.readFileSync(path.join(projectFolder, folder, file), "utf8"))
        .flatMap((text) => [...text.matchAll(/^ *(?:it\w*|on\w+|describe)\(\s*(?:\w+, )?["`](.*)["`],/gm)])
        .map(([, title]) => title!);
}

const tables = [
    { document: "docs/operations.md", heading: "What happens when", folders: ["test/e2e"], least: 29 },
    { document: "docs/security.md", heading: "What is protected", folders: ["test/e2e", "test/unit"], least: 20 },
];

for (const { document, heading, folders, least } of tables) {
    describe(`the tables of ${document}`, () => {
        const titles = folders.flatMap(titlesIn);

        it("have a row for each thing that a user has to know", () => {
            assert.ok(rows(document, heading).length >= least);
        });

        for (const { what, test } of rows(document, heading)) {
            it(`name a test for: ${what}`, () => {
                assert.ok(
                    titles.some((title) => title.includes(test)),
                    `no test is called ${test}`,
                );
            });
        }
    });
}
