import assert from "node:assert/strict";
import * as fs from "fs";
import * as path from "path";
import { backendOf, configuredStacks, preservingFile } from "../../../toolchain/stacks";
import { folderWith, removeFolders } from "../../helpers/folders";

const key = "distributed-session:backend";

describe("the files of the stacks", () => {
    after(removeFolders);

    it("name the stacks", () => {
        const folder = folderWith({ "Pulumi.r.yaml": "", "Pulumi.my-own.yaml": "", "README.md": "" });
        assert.deepEqual(configuredStacks(folder).sort(), ["my-own", "r"]);
    });

    for (const [text, backend] of [
        [`config:\n  ${key}: kubernetes\n`, "kubernetes"],
        [`config: { "${key}": 'kubernetes' } # with a comment\n`, "kubernetes"],
        [`config:\n  ${key}: docker\n`, "docker"],
        [`# ${key}: kubernetes\nconfig:\n  distributed-session:name: hello\n`, "docker"],
        ["", "docker"],
    ] as const) {
        it(`say where the engines run: ${JSON.stringify(text)} is ${backend}`, () => {
            assert.equal(backendOf("s", folderWith({ "Pulumi.s.yaml": text })), backend);
        });
    }

    describe("that the CLI changes", () => {
        const before = "config:\n  # a comment\n  distributed-session:name: hello\n";
        const salted = "encryptionsalt: v1:abc\nconfig:\n  distributed-session:name: hello\n";

        /** The file's text after an action that has written this. */
        async function after(first: string, written: string): Promise<string> {
            const folder = folderWith({ "Pulumi.s.yaml": first });
            const file = path.join(folder, "Pulumi.s.yaml");
            await preservingFile("s", () => fs.promises.writeFile(file, written), folder);
            return fs.readFileSync(file, "utf8");
        }

        it("are as before where it has only added a salt", async () => {
            assert.equal(await after(before, salted), before);
        });

        it("are as before where it has failed too", async () => {
            const folder = folderWith({ "Pulumi.s.yaml": before });
            const file = path.join(folder, "Pulumi.s.yaml");
            const action = async () => {
                await fs.promises.writeFile(file, salted);
                throw new Error("failed");
            };
            await assert.rejects(preservingFile("s", action, folder), /failed/);
            assert.equal(fs.readFileSync(file, "utf8"), before);
        });

        it("keep a salt that was there, and any other change", async () => {
            const changed = salted.replace("hello", "other");
            assert.equal(await after(salted, salted), salted);
            assert.equal(await after(before, changed), changed);
        });
    });
});
