import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { engineImage } from "../../../components/model/kernels";
import { hashOf } from "../../../toolchain/image";
import { projectFolder } from "../../../toolchain/versions";
import { folderWith, removeFolders } from "../../helpers/folders";

const ignored = fs.readFileSync(path.join(projectFolder, "engine", ".dockerignore"), "utf8");
const sources = {
    ".dockerignore": ignored,
    Dockerfile: "FROM base",
    "python/cdsw/agent.py": "run()",
    "r/R/call.R": "",
};

describe("the hash of the engine image's folder", () => {
    after(removeFolders);
    const first = () => hashOf(folderWith(sources));

    it("is the same for the same files, in whatever order they were written", () => {
        assert.equal(hashOf(folderWith(Object.fromEntries(Object.entries(sources).reverse()))), first());
    });

    for (const [change, files] of [
        ["the text of a file in a sub-folder", { ...sources, "python/cdsw/agent.py": "stop()" }],
        [
            "the place of a file",
            { ".dockerignore": ignored, Dockerfile: "FROM base", "agent.py": "run()", "call.R": "" },
        ],
        ["one file more", { ...sources, "python/cdsw/more.py": "" }],
        ["what is ignored", { ...sources, ".dockerignore": `${ignored}r\n` }],
    ] as const) {
        it(`changes with ${change}`, () => assert.notEqual(hashOf(folderWith(files)), first()));
    }

    it("changes with a run bit", () => {
        const folder = folderWith(sources);
        fs.chmodSync(path.join(folder, "Dockerfile"), 0o755);
        assert.notEqual(hashOf(folder), first());
    });

    it("does not change with what running and building the packages leaves", () => {
        const leavings = {
            "python/cdsw/__pycache__/agent.cpython-311.pyc": "compiled",
            "python/cdsw.egg-info/PKG-INFO": "Name: cdsw",
            "python/build/lib/cdsw/agent.py": "run()",
            "python/dist/cdsw-0.2.0-py3-none-any.whl": "wheel",
            "r/cdsw_0.2.0.tar.gz": "package",
        };
        assert.equal(hashOf(folderWith({ ...sources, ...leavings })), first());
    });
});

describe("the name of the engine image", () => {
    it("has the version of the package, so that an image of an older one is not taken for it", () => {
        const { version } = JSON.parse(fs.readFileSync(path.join(projectFolder, "package.json"), "utf8"));
        assert.equal(engineImage, `distributed-session/engine:${version}`);
    });
});
