import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { packArchive } from "../../../../../components/docker/runtime/filling/archive";
import { folderWith, removeFolders } from "../../../../helpers/folders";

describe("the archive with the files of an engine", () => {
    after(removeFolders);

    it("has their names, contents and modes as any tar reads them, also of long names and of other letters", async () => {
        const bytes = Buffer.from([0, 255, 128, 10]);
        const sources = folderWith({ binary: bytes, empty: "" });
        const long = `home/${"a-long-name/".repeat(20)}grüße 😀.txt`;
        const archive = await packArchive([
            { path: "/home", isFolder: true },
            { path: "/home/binary", source: path.join(sources, "binary"), executable: true },
            { path: "/home/empty", source: path.join(sources, "empty") },
            { path: `/${long}`, text: "x".repeat(513) },
            { path: `/home/${"y".repeat(95)}`, text: "100 bytes" },
        ]);
        const folder = folderWith();
        execFileSync("tar", ["-xpf", "-", "--no-same-owner", "-C", folder], { input: archive });
        const modeOf = (name: string) => fs.statSync(path.join(folder, name)).mode & 0o777;
        assert.deepEqual(["home", "home/binary", "home/empty"].map(modeOf), [0o777, 0o755, 0o644]);
        assert.deepEqual(fs.readFileSync(path.join(folder, "home/binary")), bytes);
        assert.equal(fs.readFileSync(path.join(folder, "home/empty")).length, 0);
        assert.equal(fs.readFileSync(path.join(folder, long), "utf8"), "x".repeat(513));
        assert.equal(fs.readFileSync(path.join(folder, `home/${"y".repeat(95)}`), "utf8"), "100 bytes");
    });

    it("is nothing that is half there when a file is missing", async () => {
        await assert.rejects(packArchive([{ path: "/a", source: "/nowhere/a" }]), /ENOENT/);
    });
});
