import { execFileSync } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { projectFolder } from "../../../toolchain/versions";
import { readDocument } from "../../helpers/documents";

describe("docs/reference", function () {
    this.timeout(120_000);

    it("is what `npm run docs` generates from the doc comments", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-reference-"));
        try {
            const typedoc = path.join(projectFolder, "node_modules", "typedoc", "bin", "typedoc");
            execFileSync(process.execPath, [typedoc, "--out", folder], { cwd: projectFolder });
            const files = fs.readdirSync(folder);
            assert.deepEqual(fs.readdirSync(path.join(projectFolder, "docs/reference")), files);
            for (const file of files) {
                const generated = fs.readFileSync(path.join(folder, file), "utf8");
                assert.ok(readDocument(`docs/reference/${file}`) === generated, "is out of date: run `npm run docs`");
            }
        } finally {
            fs.rmSync(folder, { recursive: true, force: true });
        }
    });
});
