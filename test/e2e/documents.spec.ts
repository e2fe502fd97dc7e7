import { execFileSync, spawnSync } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { engineImage } from "../../components";
import { programs } from "../helpers/documents";
import { kubernetes } from "./support/backends";
import { inviteGuest, makeNamespace, removeNamespaces } from "./support/clusterGuest";
import { Host } from "./support/docker";
import { skip } from "./support/skipping";
import { Stack, projectFolder } from "./support/stack";

const documented = programs();
const onDocker = documented.get("pages")!;
const launching = documented.get("launch-workers")!;
const onAnotherHost = documented.get("service")!;
const onMocks = documented.get("mocks")!;
const ownLibrary = documented.get("own-library")!;
const onCluster = documented.get("pages-on-kubernetes")!;

const providers = ["docker", "kubernetes"];

describe("the documents' programs, in a project that installs the package", function () {
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
        const packages = providers.map((name) => `@pulumi/${name}`);
        execFileSync("npm", ["install", `./${tarball}`, "@pulumi/pulumi", ...packages, ...development], quietly);
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    /** A stack of one of the programs. */
    function stackOf(program: string, config: Record<string, string>): Promise<Stack> {
        fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
        fs.writeFileSync(path.join(folder, "index.ts"), program);
        return Stack.create(config, folder);
    }

    /** Checks the types of programs, and those that the package declares, in one run of the compiler. */
    function checkTypes(...programs: string[]): void {
        const files = programs.map((program, index) => {
            const file = `program-${index}.ts`;
            fs.writeFileSync(path.join(folder, file), program);
            return file;
        });
        const compilerOptions = {
            module: "commonjs",
            moduleResolution: "node10",
            target: "es2022",
            strict: true,
            esModuleInterop: true,
            noEmit: true,
        };
        fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
        execFileSync("npx", ["tsc", "-p", "."], { cwd: folder, stdio: "pipe" });
    }

    /** Does something while a provider is not installed. */
    function without<T>(provider: string, action: () => T): T {
        const installed = path.join(folder, "node_modules", "@pulumi", provider);
        fs.renameSync(installed, `${folder}/hidden`);
        try {
            return action();
        } finally {
            fs.renameSync(`${folder}/hidden`, installed);
        }
    }

    it("have the right types", () => checkTypes(...documented.values()));

    for (const [other, program, backend] of [
        ["kubernetes", onDocker, "docker"],
        ["docker", onCluster, "kubernetes"],
    ] as const) {
        it(`need nothing of ${other} for the backend ${backend}`, () => {
            without(other, () => checkTypes(program));
            const test = onMocks.replace('"mine", {', `"mine", { backend: "${backend}",`);
            assert.match(
                without(other, () => mocha(test)),
                /1 passing/,
            );
            assert.match(
                without(backend, () => mocha(test)),
                new RegExp(
                    `The backend "${backend}" needs the package @pulumi/${backend}: npm install @pulumi/${backend}`,
                ),
            );
        });
    }

    it("serve pages to two workers", async () => {
        const stack = await stackOf(onDocker, {});
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

    it("launch the workers of an unchanged project on Docker", async () => {
        const project = "examples/cdsw-python";
        fs.cpSync(path.join(projectFolder, project), path.join(folder, project), { recursive: true });
        const stack = await stackOf(launching, {});
        try {
            const run = await stack.up();
            assert.equal(run.exitCode, 0, run.output);
            assert.equal(run.output.match(/Worker received: Hello \S+ from the master/g)?.length, 2, run.output);
        } finally {
            await stack.remove();
        }
        assert.deepEqual(await new Host().leftovers(stack.identity("hello")), []);
    });

    it("run a library of the user's own", async () => {
        const stack = await stackOf(ownLibrary, {});
        try {
            const run = await stack.up();
            assert.equal(run.exitCode, 0, run.output);
            assert.match((await stack.outputs()).address, /^10\.[\d.]+:5000$/);
        } finally {
            await stack.remove();
        }
        assert.deepEqual(await new Host().leftovers(stack.identity("queue")), []);
    });

    it("run on a host that a provider names, with a secret and a published port", async () => {
        const host = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
        const stack = await stackOf(onAnotherHost, { dockerHost: host, image: engineImage, token: "a-secret-token" });
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

    it("run on a cluster, with no more rights than docs/role.yaml gives", async function () {
        const reason = await kubernetes.whyNot();
        if (reason !== undefined) {
            skip(this, reason);
        }
        const namespace = await makeNamespace(kubernetes.site);
        const kubeconfig = path.join(folder, "kubeconfig");
        fs.writeFileSync(kubeconfig, await inviteGuest(kubernetes.site, namespace));
        const stack = await stackOf(onCluster, { namespace });
        stack.environment.KUBECONFIG = kubeconfig;
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
            await removeNamespaces(kubernetes.site);
        }
        assert.deepEqual(await kubernetes.site.leftovers(stack.identity("pages")), []);
    });

    it("test a stack on mocks", () => assert.match(mocha(onMocks), /1 passing/));

    /** What mocha prints of a test. */
    function mocha(test: string): string {
        fs.writeFileSync(path.join(folder, "mine.spec.ts"), test);
        const command = ["mocha", "--node-option", "import=tsx", "--timeout", "60000", "mine.spec.ts"];
        return spawnSync("npx", command, { cwd: folder }).stdout.toString();
    }
});
