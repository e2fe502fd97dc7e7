import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Outcome, capture } from "../../toolchain/progress";
import { configuredStacks } from "../../toolchain/stacks";
import { docker, kubernetes } from "./support/backends";
import { eventually } from "./support/eventually";
import { skip } from "./support/skipping";
import { projectFolder, toolEnvironment } from "./support/stack";

/** Runs one of the project's npm scripts, in a backend of the test's own: what it printed, and its exit code. */
async function npm(backend: string, ...args: string[]): Promise<Outcome> {
    return capture("npm", args, { cwd: projectFolder, env: await environmentOf(backend) });
}

async function environmentOf(backend: string): Promise<NodeJS.ProcessEnv> {
    return { ...(await toolEnvironment()), PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: "" };
}

for (const [stack, args, place, resources] of [
    ["python", [], docker, 7],
    ["r", ["--", "r"], docker, undefined],
    ["cluster", ["--", "cluster"], kubernetes, 9],
] as const) {
    describe(`npm start with the stack ${stack}`, function () {
        this.timeout(180_000);
        const backend = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-backend-"));
        const file = path.join(projectFolder, "stacks", `Pulumi.${stack}.yaml`);
        const configuration = fs.readFileSync(file, "utf8");
        before(async function () {
            const reason = await place.whyNot();
            if (reason !== undefined) {
                skip(this, reason);
            }
        });
        after(() => fs.rmSync(backend, { recursive: true }));

        it("ends with the conversation, the master's IP and exit codes 0", async () => {
            const { output, code } = await npm(backend, "start", ...args);
            assert.equal(code, 0, output);
            assert.equal(output.match(/Master received: Hello from worker [12]/g)?.length, 2, output);
            assert.equal(output.match(/Worker received: Hello/g)?.length, 2, output);
            assert.match(output, /The master's IP is \d+\.\d+\.\d+\.\d+\./);
            assert.equal(output.match(/succeeded, exit code 0/g)?.length, 3, output);
        });

        // One language is enough for that.
        if (resources !== undefined) {
            it("has nothing to do a second time", async () => {
                const { output, code } = await npm(backend, "start", ...args);
                assert.equal(code, 0, output);
                assert.match(output, new RegExp(`Resources:\\n {4}${resources} unchanged\\n`));
            });
        }

        it("leaves nothing after npm stop, and the stack's configuration as it was", async () => {
            const { output, code } = await npm(backend, "stop");
            assert.equal(code, 0, output);
            assert.deepEqual(await place.site.leftovers(`distributed-session/${stack}/hello`), []);
            assert.equal(fs.readFileSync(file, "utf8"), configuration);
        });
    });
}

describe("npm start that is killed", function () {
    this.timeout(180_000);
    const backend = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-backend-"));
    const leftovers = () => docker.site.leftovers("distributed-session/python/hello");
    after(() => fs.rmSync(backend, { recursive: true }));

    /** Starts it, and kills the CLI when it creates engines of this role. */
    async function killInTheMiddle(role: "master" | "worker"): Promise<void> {
        const running = npm(backend, "start");
        await eventually(role, 60_000, async () => (await leftovers()).some((name) => name.includes(role)));
        const locks = path.join(backend, ".pulumi/locks/organization/distributed-session/python");
        const [file] = fs.readdirSync(locks);
        process.kill(JSON.parse(fs.readFileSync(path.join(locks, file!), "utf8")).pid, "SIGKILL");
        assert.notEqual((await running).code, 0);
    }

    it("can be started again: it unlocks the stack, and comes up with nothing beside it", async () => {
        // A worker that has spoken with the master would take the place of the next one: it listens to two.
        await killInTheMiddle("master");
        const { output, code } = await npm(backend, "start");
        assert.equal(code, 0, output);
        assert.match(output, /Unlocking the stack python/);
        // A network and three engines.
        assert.equal((await leftovers()).length, 4);
        assert.equal(output.match(/succeeded, exit code 0/g)?.length, 3, output);
        assert.equal((await npm(backend, "stop")).code, 0);
        assert.deepEqual(await leftovers(), []);
    });

    it("can be stopped: nothing is left", async () => {
        await killInTheMiddle("worker");
        const { output, code } = await npm(backend, "stop");
        assert.equal(code, 0, output);
        assert.deepEqual(await leftovers(), []);
    });
});

describe("npm start with a stack that does not exist", function () {
    this.timeout(60_000);

    it("names the stacks that there are", async () => {
        const { output, code } = await npm(os.tmpdir(), "start", "--", "julia");
        assert.equal(code, 1);
        assert.match(
            output,
            new RegExp(`There is no stack "julia" in stacks/; there are: ${configuredStacks().join(", ")}\\.`),
        );
    });
});

describe("npm stop with stacks of others in the backend", function () {
    this.timeout(120_000);
    const backend = fs.mkdtempSync(path.join(os.tmpdir(), "distributed-session-backend-"));
    after(() => fs.rmSync(backend, { recursive: true }));

    it("removes the stack that stacks/ configures, keeps the others and names them", async () => {
        const env = await environmentOf(backend);
        // The CLI writes the file of a new stack beside the Pulumi.yaml that it finds: not into the project.
        const elsewhere = path.join(backend, "elsewhere");
        fs.mkdirSync(elsewhere);
        fs.writeFileSync(path.join(elsewhere, "Pulumi.yaml"), "name: distributed-session\nruntime: nodejs\n");
        const pulumi = async (...args: string[]): Promise<string> => {
            const { code, output } = await capture("pulumi", args, { cwd: elsewhere, env });
            assert.equal(code, 0, output);
            return output;
        };
        for (const stack of ["colleague", "python", "another"]) {
            await pulumi("stack", "init", stack);
        }
        const { output, code } = await npm(backend, "stop");
        assert.equal(code, 0, output);
        assert.match(output, /^Kept, because stacks\/ does not configure them: another, colleague\.$/m);
        const left = JSON.parse(await pulumi("stack", "ls", "--json")) as { name: string }[];
        assert.deepEqual(left.map(({ name }) => name).sort(), ["another", "colleague"]);

        const again = await npm(backend, "stop");
        assert.match(again.output, /^There is nothing to stop\.$/m);
        const named = await npm(backend, "stop", "--", "colleague");
        assert.equal(named.code, 1, named.output);
        assert.match(
            named.output,
            new RegExp(`There is no stack "colleague" in stacks/; there are: ${configuredStacks().join(", ")}\\.`),
        );
    });
});
