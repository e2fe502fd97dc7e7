import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as path from "path";
import {
    keyOf,
    renderContents,
    renderMounts,
    renderVolumes,
} from "../../../../components/kubernetes/resources/projectFiles";
import { ProjectFile } from "../../../../components/project/project";
import { folderWith, removeFolders } from "../../../helpers/folders";

function file(name: string, changes: Partial<ProjectFile> = {}): ProjectFile {
    return {
        path: name,
        source: `/p/${name}`,
        sha256: `of ${name}`,
        executable: false,
        size: 1,
        ...changes,
    };
}

describe("the name of a file in a ConfigMap", () => {
    const part = fc.oneof(fc.constantFrom("..", "...", "a.py", "ä", "x".repeat(254)), fc.string({ minLength: 1 }));
    const paths = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

    it("is always one that Kubernetes takes", () => {
        fc.assert(
            fc.property(paths, (any) => {
                const key = keyOf(file(any));
                assert.match(key, /^[-._a-zA-Z0-9]{1,253}$/);
                assert.ok(!key.startsWith(".."), key);
            }),
        );
    });

    it("is another one for another file", () => {
        fc.assert(
            fc.property(paths, paths, (one, other) => {
                assert.equal(keyOf(file(one)) === keyOf(file(other)), one === other);
            }),
        );
    });

    it("is the file's own, where that can be", () => {
        for (const name of ["master.py", ".hidden", "A-b_c.1"]) {
            assert.equal(keyOf(file(name)), name);
        }
    });
});

describe("the contents of a ConfigMap", () => {
    after(removeFolders);

    const contentsOf = (files: Record<string, string | Buffer>) => {
        const folder = folderWith(files);
        return renderContents(Object.keys(files).map((name) => file(name, { source: path.join(folder, name) })));
    };

    it("are text where the file is text, as it is", () => {
        const text = "\ufeffprint('ä')\r\n\t€ 🙂\n";
        assert.deepEqual(contentsOf({ "a.py": text, "empty.txt": "" }), {
            data: { "a.py": text, "empty.txt": "" },
            binaryData: {},
        });
    });

    it("are bytes where the file is no text", () => {
        for (const bytes of [Buffer.from([0xff, 0xfe, 0x41]), Buffer.from([0xc3]), Buffer.from("a\0b")]) {
            const { data, binaryData } = contentsOf({ "a.bin": bytes });
            assert.deepEqual(data, {});
            assert.deepEqual(binaryData, { "a.bin": bytes.toString("base64") });
        }
    });

    it("are each under its own name", () => {
        const { data } = contentsOf({ "a/x.py": "1", "b/x.py": "2", "x.py": "3" });
        assert.deepEqual(Object.values(data).sort(), ["1", "2", "3"]);
        assert.equal(data["x.py"], "3");
    });
});

describe("the volumes of a project", () => {
    const [plain, tool, script] = [file("data.csv"), file("bin/tool", { executable: true }), file("b.py")];

    /** An engine with these files, whose script is not `b.py`. */
    const engineWith = (...files: ProjectFile[]) => ({ files, unwatched: ["b.py"] });

    it("are one for plain files and one for those that may be executed, from the same ConfigMap", () => {
        const volumes = renderVolumes(engineWith(plain, tool), "s-files");
        assert.deepEqual(
            volumes.map(({ configMap }) => configMap),
            [
                { name: "s-files", defaultMode: 0o644 },
                { name: "s-files", defaultMode: 0o755 },
            ],
        );
        assert.equal(new Set(volumes.map(({ name }) => name)).size, 2);
    });

    it("are only those that a file is in", () => {
        assert.deepEqual(renderVolumes(engineWith(), "s-files"), []);
        assert.deepEqual(
            renderVolumes(engineWith(tool), "s-files").map(
                ({ configMap }) => (configMap as { defaultMode: number }).defaultMode,
            ),
            [0o755],
        );
    });

    it("are mounted file by file, each from the volume with its run bit", () => {
        const files = engineWith(plain, tool);
        const [plainVolume, executableVolume] = renderVolumes(files, "s-files").map(({ name }) => name);
        assert.deepEqual(renderMounts(files, "/home/cdsw"), [
            { name: plainVolume, mountPath: "/home/cdsw/data.csv", subPath: "data.csv", readOnly: true },
            { name: executableVolume, mountPath: "/home/cdsw/bin/tool", subPath: keyOf(tool), readOnly: true },
        ]);
    });

    it("have names that Kubernetes takes", () => {
        for (const { name } of renderVolumes(engineWith(plain, tool), "s-files")) {
            assert.match(name as string, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
        }
    });

    describe("are called otherwise, so that the engine is replaced,", () => {
        const names = (...files: ProjectFile[]) =>
            renderVolumes(engineWith(...files), "s-files").map(({ name }) => name);
        const before = names(plain, tool, script);

        for (const [what, after] of [
            ["where a watched file has another content", names({ ...plain, sha256: "other" }, tool, script)],
            ["where a watched file has another name", names({ ...plain, path: "data2.csv" }, tool, script)],
            ["where a watched file may be executed now", names({ ...plain, executable: true }, tool, script).slice(-1)],
            ["where there is one more", names(plain, tool, script, file("more"))],
            ["where one is gone", names(tool, script).slice(-1)],
        ] as const) {
            it(what, () => after.forEach((name) => assert.ok(!before.includes(name))));
        }

        it("but not where a file has another content that the engine does not run", () => {
            assert.deepEqual(names(plain, tool, { ...script, sha256: "other" }), before);
        });
    });
});
