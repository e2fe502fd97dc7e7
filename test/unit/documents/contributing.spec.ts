import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { Backend } from "../../../components/model/args";
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

    it("lists every file of the component that names a backend, outside the backends' folders", () => {
        const [, section = ""] = /^## How to add a backend\n([^]*?)^## /m.exec(readDocument("CONTRIBUTING.md"))!;
        const listed = [...section.matchAll(/^\d\. `(components\/.+?)`/gm)].map(([, file]) => file);
        const names = Object.values(Backend).join("|");
        const naming = new RegExp(`/(${names})/|\\b(${names})\\??:|\\.(${names})\\b`);
        const files = ["index.ts", "configuration.ts", ...filesIn("components")].filter(
            (file) => !new RegExp(`^components/(${names})/`).test(file) && naming.test(readDocument(file)),
        );
        assert.deepEqual(files.sort(), listed.sort());
    });
});

function filesIn(folder: string): string[] {
    const files = fs.readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" });
    return files.filter((file) => file.endsWith(".ts")).map((file) => path.posix.join(folder, file));
}
