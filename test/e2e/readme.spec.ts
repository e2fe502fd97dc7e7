import { execFileSync } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { engineImage } from "../../components";
import { Host } from "./support/docker";
import { Stack, projectFolder } from "./support/stack";

/** The programs in the README, in order. */
const programs = [...fs.readFileSync(path.join(projectFolder, "README.md"), "utf8").matchAll(/```ts\n([^]*?)```/g)].map(
    (match) => match[1]!,
);

describe("the README's programs, in a project that installs the package", function () {
    this.timeout(300_000);
    let folder: string;

    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-readme-"));
        const quietly = { cwd: folder, stdio: "pipe" as const };
        const pack = ["pack", "--silent", "--pack-destination", folder];
        const tarball = execFileSync("npm", pack, { cwd: projectFolder, stdio: "pipe" })
            .toString()
            .trim()
            .split("\n")
            .at(-1)!;
        fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "mine", private: true }));
        const development = ["typescript@5", "mocha", "tsx", "@types/node@20", "@types/mocha"];
        execFileSync("npm", ["install", `./${tarball}`, "@pulumi/pulumi", "@pulumi/docker", ...development], quietly);
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    /** A stack of one of the programs. */
    async function stackOf(program: string, config: Record<string, string>): Promise<Stack> {
        fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
        fs.writeFileSync(path.join(folder, "index.ts"), program);
        fs.writeFileSync(
            path.join(folder, "tsconfig.json"),
            JSON.stringify({
                compilerOptions: {
                    module: "commonjs",
                    moduleResolution: "node10",
                    target: "es2022",
                    strict: true,
                    esModuleInterop: true,
                },
            }),
        );
        execFileSync("npx", ["tsc", "--noEmit", "--skipLibCheck", "-p", "."], { cwd: folder, stdio: "pipe" });
        return Stack.create(config, folder);
    }

    it("are three", () => assert.equal(programs.length, 3));

    it("serve pages to two workers", async () => {
        const stack = await stackOf(programs[0]!, {});
        try {
            const run = await stack.up();
            assert.equal(run.exitCode, 0, run.output);
            const { workers } = await stack.outputs();
            assert.deepEqual(
                workers.map(({ logs }: any) => logs),
                ["worker 1 got 200\n", "worker 2 got 200\n"],
            );
        } finally {
            await stack.remove();
        }
        assert.deepEqual(await new Host().leftovers(stack.identity("pages")), []);
    });

    it("run on a host that a provider names, with a secret and a published port", async () => {
        const host = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
        const stack = await stackOf(programs[1]!, { dockerHost: host, image: engineImage, token: "a-secret-token" });
        try {
            const run = await stack.up();
            assert.equal(run.exitCode, 0, run.output);
            assert.equal((await fetch("http://127.0.0.1:18000")).status, 200);
            const exported = (await stack.pulumi("stack", "export")).output;
            assert.ok(!exported.includes("a-secret-token"));
            assert.ok(!run.output.includes("a-secret-token"));
        } finally {
            await stack.remove();
        }
    });

    it("test a stack on mocks", () => {
        fs.writeFileSync(path.join(folder, "mine.spec.ts"), programs[2]!);
        const command = ["mocha", "--node-option", "import=tsx", "mine.spec.ts"];
        const output = execFileSync("npx", command, { cwd: folder, stdio: "pipe" }).toString();
        assert.match(output, /1 passing/);
    });
});
