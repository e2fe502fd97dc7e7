import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../../toolchain/versions";
import { anchorsOf, documents, readDocument } from "../../helpers/documents";

/** Why a relative link of a document leads nowhere, or nothing. */
function problemOf(file: string, link: string): string | undefined {
    const [to, anchor] = link.split("#") as [string, string?];
    const target = to === "" ? file : path.posix.join(path.posix.dirname(file), to);
    if (!fs.existsSync(path.join(projectFolder, target))) {
        return `${file} links to ${link}, but there is no ${target}`;
    }
    return anchor === undefined || anchorsOf(readDocument(target)).has(anchor)
        ? undefined
        : `${file} links to ${link}, but ${target} has no heading of that name`;
}

describe("the documents", () => {
    it("link to files and headings that exist", () => {
        const problems = documents().flatMap(({ file, text }) =>
            [...text.matchAll(/\]\(([^)\s]+)\)/g)]
                .map(([, link]) => link!)
                .filter((link) => !/^https?:/.test(link))
                .map((link) => problemOf(file, link)),
        );
        assert.deepEqual(
            problems.filter((problem) => problem !== undefined),
            [],
        );
    });
});

describe("the anchors of a document", () => {
    it("are those that a host makes of its headings", () => {
        const text = "# What happens when ...\n## `up` is interrupted\n```\n# no heading\n```\n### Up\n### Up\n";
        assert.deepEqual([...anchorsOf(text)], ["what-happens-when-", "up-is-interrupted", "up", "up-1"]);
    });
});
