import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { withOpenFolders } from "../../../../components/docker/generation";
import { renderProject } from "../../../../components/docker/resources/uploads";
import { projectOf } from "../../../helpers/problems";

describe("the folders of a project on Docker", () => {
    const engine = (...files: string[]) => {
        const sizes = Object.fromEntries(files.map((file) => [file, 1]));
        return { files: projectOf(sizes).files, unwatched: [] };
    };
    const uploadsOf = async (files: string[], token: string) => {
        const uploads = pulumi.output(renderProject(engine(...files), pulumi.output(token)));
        const known = await new Promise<{ file: string; permissions?: string }[]>((resolve) => uploads.apply(resolve));
        return known.map(({ file, permissions }) => [file, permissions]);
    };
    const file = ["/home/cdsw/a/b/c.csv", "0644"];

    it("are open to the user of a new engine, those in between too, and after their files", async () => {
        assert.deepEqual(await uploadsOf(["a/b/c.csv"], withOpenFolders("m1")), [
            file,
            ["/home/cdsw/a/", "0777"],
            ["/home/cdsw/a/b/", "0777"],
        ]);
    });

    it("stay as they are in an engine of an earlier release, which is not replaced for them", async () => {
        for (const token of ["m1", ""]) {
            assert.deepEqual(await uploadsOf(["a/b/c.csv"], token), [file]);
        }
    });

    it("are not there where files are in none: the list is then known also where the token is not", () => {
        const uploads = renderProject(engine("a.py"), pulumi.output("m1"));
        assert.equal((uploads as unknown[]).length, 1);
    });
});
