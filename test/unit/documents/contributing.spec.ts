import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { projectFolder } from "../../../toolchain/versions";
import { readDocument } from "../../helpers/documents";

/** Folders that CONTRIBUTING.md names files of. */
const folders = [".", "components", "components/docker", "docs", "test"];

describe("CONTRIBUTING.md", () => {
    it("names files and folders that exist", () => {
        const names = [...readDocument("CONTRIBUTING.md").matchAll(/`([\w./-]+(?:\/|\.(?:ts|md|json|yml|yaml)))`/g)];
        const missing = names
            .map(([, name]) => name!)
            .filter((name) => !folders.some((folder) => fs.existsSync(path.join(projectFolder, folder, name))));
        assert.deepEqual(missing, []);
    });
});
