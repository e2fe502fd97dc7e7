import assert from "node:assert/strict";
import { problemsOf } from "../../helpers/problems";

const most = 128 * 1024 - 1;
const limit = `at most ${most}: put it into a file of project`;

describe("what Linux cannot give to a program", () => {
    it("is an argument of 128 KiB", () => {
        assert.deepEqual(problemsOf({ workers: { command: ["echo", "x".repeat(most)] } }), []);
        assert.deepEqual(problemsOf({ workers: { command: ["echo", "ä".repeat(most / 2 + 1)] } }), [
            `workers.command[1]: has 131072 bytes; ${limit}`,
        ]);
    });

    it("is a code of 128 KiB", () => {
        assert.deepEqual(problemsOf({ master: { command: undefined, code: "x".repeat(most + 1) } }), [
            `master.code: has 131072 bytes; ${limit}`,
        ]);
    });

    it("is a code of more than 9,000 bytes to Rscript, which would skip it in silence", () => {
        const of = (code: string, kernel?: "r") => problemsOf({ workers: { command: undefined, code, kernel } });
        assert.deepEqual(of("x".repeat(9000), "r"), []);
        assert.deepEqual(of("ä".repeat(4501)), []);
        assert.deepEqual(of("ä".repeat(4501), "r"), [
            "workers.code: has 9002 bytes, and Rscript takes at most 9000 of code: use a script",
        ]);
    });

    it("is a variable of 128 KiB with its name", () => {
        assert.deepEqual(problemsOf({ master: { env: { NAME: "x".repeat(most - 5) } } }), []);
        assert.deepEqual(problemsOf({ master: { env: { NAME: "x".repeat(most - 4) } } }), [
            `master.env.NAME: has 131072 bytes; ${limit}`,
        ]);
    });

    it("is two million bytes together", () => {
        const names = Array.from({ length: 20 }, (_, index) => `NAME_${index}`);
        const env = Object.fromEntries(names.map((name) => [name, "x".repeat(100_000)]));
        const [problem, ...others] = problemsOf({ workers: { env } });
        assert.match(problem!, /^workers\.env: has 2000170 bytes together; at most 2000000: put it into a file/);
        assert.deepEqual(others, []);
    });

    it("is a NUL", () => {
        const nul = "has a NUL character, which ends a string";
        assert.deepEqual(problemsOf({ workers: { command: ["a\0b"], env: { A: "\0" } } }), [
            `workers.command[0]: ${nul}`,
            `workers.env.A: ${nul}`,
        ]);
    });
});

describe("a kubeconfig that is wrong", () => {
    it("is not shown, because it holds credentials", () => {
        const kubeconfig: any = { users: [{ user: { token: "hunter2" } }] };
        const [problem] = problemsOf({ backend: "kubernetes", kubernetes: { kubeconfig } });
        assert.equal(problem, "kubernetes.kubeconfig: [secret] (object) is not a non-empty string");
    });
});
