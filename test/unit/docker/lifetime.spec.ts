import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "fs";
import * as path from "path";
import { lifetimeFolder, lifetimeMarks, lifetimeScript } from "../../../components/docker/lifetime";
import { folderWith, removeFolders } from "../../helpers/folders";

describe("the script that limits the life of a container", () => {
    const signal = /kill (-\d+) -?\d+/g;
    let folder: string;

    beforeEach(() => (folder = folderWith()));
    afterEach(removeFolders);

    /** Runs it in a folder of this machine. In place of the signals, which would reach every process here, it writes them down. */
    function run(limits: [seconds: number, stopSeconds: number, scope: "all" | "each"], ...program: string[]) {
        assert.equal(lifetimeScript.match(signal)?.length, 2);
        const script = lifetimeScript
            .replaceAll(signal, `echo $1 >>"$folder/signals"`)
            .replaceAll(lifetimeFolder, folder);
        assert.doesNotMatch(script, /kill/);
        fs.writeFileSync(path.join(folder, "run"), script);
        const given = [path.join(folder, "run"), ...limits.map(String), ...program];
        const { status, stdout } = spawnSync("sh", given, { encoding: "utf8" });
        return { exitCode: status, stdout: stdout.trim() };
    }

    const read = (mark: string) => fs.readFileSync(path.join(folder, mark), "utf8");
    const isSet = (mark: string) => {
        const file = mark.replace(lifetimeFolder, folder);
        return fs.existsSync(file) && fs.statSync(file).size > 0;
    };
    const now = () => Math.floor(Date.now() / 1000);

    it("lets the program take its place, with its arguments and its exit code", () => {
        const seen = run([60, 1, "all"], "sh", "-c", 'echo "$@"; exit 7', "sh", "a b", "$c");
        assert.deepEqual(seen, { exitCode: 7, stdout: "a b $c" });
        assert.ok(Math.abs(Number(read("started")) - now()) < 30);
        assert.equal(isSet(lifetimeMarks.over), false);
    });

    it("gives the program no child", () => {
        const { stdout } = run([60, 1, "all"], "sh", "-c", "cat /proc/$$/task/$$/children; :");
        // Only the program that the shell itself runs to print them.
        assert.equal(stdout.split(" ").length, 1);
    });

    it("asks the container to end, sets a mark, and kills it later", () => {
        run([1, 1, "all"], "sleep", "3");
        assert.equal(read("signals"), "-15\n-9\n");
        assert.equal(isSet(lifetimeMarks.over), true);
    });

    it("counts from the first start of the container", () => {
        fs.writeFileSync(path.join(folder, "started"), `${now() - 58}\n`);
        run([60, 9, "all"], "sleep", "3.5");
        assert.equal(read("signals"), "-15\n");
    });

    it("starts no program when the time is over, and ends with 0, so that Docker starts it no more", () => {
        fs.writeFileSync(path.join(folder, "started"), `${now() - 60}\n`);
        assert.deepEqual(run([60, 1, "all"], "echo", "started"), { exitCode: 0, stdout: "" });
        assert.equal(isSet(lifetimeMarks.over), true);
    });

    it("gives no more time than is allowed where the clock was set back", () => {
        fs.writeFileSync(path.join(folder, "started"), `${now() + 1000}\n`);
        run([1, 9, "all"], "sleep", "2.5");
        assert.equal(read("signals"), "-15\n");
    });

    it("counts from each start of a worker that may fail so many times, and remembers how the last run ended", () => {
        const ends: boolean[] = [];
        for (const seconds of ["2.5", "0", "0"]) {
            run([1, 9, "each"], "sleep", seconds);
            ends.push(isSet(lifetimeMarks.over), isSet(lifetimeMarks.overBefore));
        }
        assert.deepEqual(ends, [true, false, false, true, false, false]);
        assert.equal(fs.existsSync(path.join(folder, "started")), false);
    });
});
